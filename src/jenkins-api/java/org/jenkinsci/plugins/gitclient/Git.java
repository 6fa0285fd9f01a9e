package org.jenkinsci.plugins.gitclient;

import hudson.EnvVars;
import hudson.FilePath;
import hudson.model.TaskListener;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;

/** Makes git clients. */
public class Git implements Serializable {
    private static final long serialVersionUID = 1L;

    private final TaskListener listener;
    private final EnvVars env;
    private File repository;
    private String exe = "git";

    public Git(TaskListener listener, EnvVars env) {
        this.listener = listener == null ? TaskListener.NULL : listener;
        this.env = env == null ? new EnvVars() : env;
    }

    public static Git with(TaskListener listener, EnvVars env) {
        return new Git(listener, env);
    }

    public Git in(File repository) {
        this.repository = repository;
        return this;
    }

    public Git in(FilePath repository) {
        return in(new File(repository.getRemote()));
    }

    public Git using(String exe) {
        this.exe = exe;
        return this;
    }

    public GitClient getClient() throws IOException, InterruptedException {
        return new CommandGitClient(exe, repository, listener, env);
    }
}
