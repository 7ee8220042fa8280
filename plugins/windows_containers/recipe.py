def write_recipe(combination, assets, *, form="script"):
    return ""
