package io.jenkins.plugins.minibuild.workflow.engine;

import hudson.FilePath;
import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import jenkins.MasterToSlaveFileCallable;

/** Deletes the folder of a job, in the folder for temporary files. Answers whether there was one. */
final class ForgetJob extends MasterToSlaveFileCallable<Boolean> {
    private static final long serialVersionUID = 1L;

    private final String job;

    ForgetJob(String job) {
        this.job = job;
    }

    @Override
    public Boolean invoke(File temp, VirtualChannel channel) throws IOException, InterruptedException {
        JobFiles files = new JobFiles(temp.toPath(), job);
        if (!files.isThere()) {
            return false;
        }
        new FilePath(files.folder().toFile()).deleteRecursive();
        return true;
    }
}
