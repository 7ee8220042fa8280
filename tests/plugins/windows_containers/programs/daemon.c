/* A daemon for Windows in the manner of containerd: default configuration, and a named pipe that answers. */
#include <windows.h>
#include <stdio.h>
#include <string.h>

static const char *DEFAULTS =
    "version = 3\n"
    "root = 'C:\\ProgramData\\containerd\\root'\n"
    "state = 'C:\\ProgramData\\containerd\\state'\n"
    "[grpc]\n"
    "  address = '\\\\.\\pipe\\containerd-containerd'\n"
    "[plugins.'io.containerd.cri.v1.runtime'.cni]\n"
    "  bin_dirs = ['C:\\Program Files\\containerd\\cni\\bin']\n"
    "  conf_dir = 'C:\\Program Files\\containerd\\cni\\conf'\n";

static int dump(const char *path) {
    char buffer[65536];
    FILE *file = fopen(path, "rb");
    if (file == NULL) return 2;
    size_t count = fread(buffer, 1, sizeof buffer, file);
    fwrite(buffer, 1, count, stdout);
    fclose(file);
    return 0;
}

static int find_pipe(const char *path, char *name) {
    char line[1024];
    FILE *file = fopen(path, "rb");
    if (file == NULL) return 0;
    while (fgets(line, sizeof line, file)) {
        char *start = strstr(line, "pipe\\\\");
        if (start != NULL && strstr(line, "address") != NULL) {
            start += strlen("pipe\\\\");
            start[strcspn(start, "\"\r\n")] = 0;
            sprintf(name, "\\\\.\\pipe\\%s", start);
            fclose(file);
            return 1;
        }
    }
    fclose(file);
    return 0;
}

int main(int count, char **words) {
    char name[256];
    if (count == 2 && strcmp(words[1], "--version") == 0) {
        printf("containerd github.com/containerd/containerd/v2 v%s 0123456789abcdef\n", VERSION);
        return 0;
    }
    if (count == 3 && strcmp(words[1], "config") == 0) return printf("%s", DEFAULTS) < 0;
    if (count == 5 && strcmp(words[3], "config") == 0) return dump(words[2]);
    if (count != 3 || !find_pipe(words[2], name)) {
        fprintf(stderr, "level=fatal msg=\"cannot be started so\"\n");
        return 1;
    }
    for (int first = 1;; first = 0) {
        HANDLE pipe = CreateNamedPipeA(name, PIPE_ACCESS_DUPLEX, PIPE_TYPE_MESSAGE | PIPE_WAIT, 4, 512, 512, 0, NULL);
        if (pipe == INVALID_HANDLE_VALUE) return 1;
        if (first) {
            fprintf(stderr, "level=info msg=\"containerd successfully booted in 0.01s\"\n");
            fflush(stderr);
        }
        if (ConnectNamedPipe(pipe, NULL) || GetLastError() == ERROR_PIPE_CONNECTED) {
            DWORD written;
            WriteFile(pipe, VERSION, sizeof VERSION, &written, NULL);
            FlushFileBuffers(pipe);
        }
        DisconnectNamedPipe(pipe);
        CloseHandle(pipe);
    }
}
