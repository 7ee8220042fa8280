/* A client for Windows in the manner of ctr: asks the daemon behind a named pipe for its version. */
#include <windows.h>
#include <stdio.h>
#include <string.h>

int main(int count, char **words) {
    char answer[64] = {0};
    DWORD length = 0;
    if (count == 2) {
        printf("ctr github.com/containerd/containerd/v2 v%s\n", VERSION);
        return 0;
    }
    for (int tries = 0; tries < 50; tries++) {
        if (CallNamedPipeA(words[2], "", 0, answer, sizeof answer - 1, &length, 2000)) break;
        Sleep(20);
    }
    if (length == 0) {
        fprintf(stderr, "ctr: no answer from %s\n", words[2]);
        return 1;
    }
    if (strcmp(words[3], "plugins") == 0) {
        printf("TYPE ID PLATFORMS STATUS\nio.containerd.content.v1 content - ok\nio.containerd.cri.v1 images - error\n");
        return 0;
    }
    printf("Client:\n  Version:  v%s\n\nServer:\n  Version:  v%s\n", VERSION, answer);
    return 0;
}
