package org.jenkinsci.plugins.gitclient;

/** {@code git init}. */
public interface InitCommand extends GitCommand {
    InitCommand workspace(String workspace);

    InitCommand bare(boolean bare);
}
