package org.jenkinsci.plugins.gitclient;

import com.cloudbees.plugins.credentials.common.StandardCredentials;
import hudson.plugins.git.GitException;
import java.util.Map;
import org.eclipse.jgit.lib.ObjectId;

/** Git in one folder. */
public interface GitClient {
    void addCredentials(String url, StandardCredentials credentials);

    void addDefaultCredentials(StandardCredentials credentials);

    boolean isCommitInRepo(ObjectId commit) throws GitException, InterruptedException;

    CheckoutCommand checkout();

    FetchCommand fetch_();

    InitCommand init_();

    PushCommand push();

    void clean(boolean cleanSubmodule) throws GitException, InterruptedException;

    Map<String, ObjectId> getRemoteReferences(String remoteRepoUrl, String pattern, boolean headsOnly, boolean tagsOnly)
            throws GitException, InterruptedException;

    Map<String, String> getRemoteSymbolicReferences(String remoteRepoUrl, String pattern)
            throws GitException, InterruptedException;

    ObjectId revParse(String revName) throws GitException, InterruptedException;

    SubmoduleUpdateCommand submoduleUpdate();
}
