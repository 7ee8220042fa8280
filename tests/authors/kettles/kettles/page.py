"""The page: all kettles that were ever on the shelf."""


class Kettles:
    name = "all-kettles"
    title = "All kettles"

    def markdown(self, view):
        kettles = [f"- {one.version}" for one in view.releases if one.component == "kettle"]
        return "\n".join(["# All kettles", "", *kettles])
