package org.jenkinsci.plugins.gitclient;

import hudson.plugins.git.GitException;

/** A git command in the making. */
public interface GitCommand {
    void execute() throws GitException, InterruptedException;
}
