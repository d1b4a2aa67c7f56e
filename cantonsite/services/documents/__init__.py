"""The files that applicants send: opened in a child process, made anew from pixels, sealed before they are kept."""
