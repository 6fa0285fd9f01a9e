package org.jenkinsci.plugins.gitclient;

/** {@code git submodule update}. */
public interface SubmoduleUpdateCommand extends GitCommand {
    SubmoduleUpdateCommand recursive(boolean recursive);

    /** @param timeout in minutes */
    SubmoduleUpdateCommand timeout(Integer timeout);

    SubmoduleUpdateCommand shallow(boolean shallow);

    SubmoduleUpdateCommand depth(Integer depth);
}
