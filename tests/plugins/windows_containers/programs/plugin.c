/* A network plugin for Windows that speaks the CNI versions which it was built with. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
    const char *command = getenv("CNI_COMMAND");
    if (command == NULL) {
        fprintf(stderr, "CNI plugin %s\nCNI protocol versions supported: any\n", NAME);
        return 0;
    }
    if (strcmp(command, "VERSION") != 0) {
        fprintf(stderr, "%s cannot do %s\n", NAME, command);
        return 4;
    }
    printf("{\"cniVersion\":\"1.0.0\",\"supportedVersions\":[%s]}\n", SPOKEN);
    return 0;
}
