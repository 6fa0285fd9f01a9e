package io.jenkins.plugins.minibuild.access;

import com.thoughtworks.xstream.converters.reflection.SunUnsafeReflectionProvider;
import hudson.model.Job;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.Permission;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** A build of which a user has some permissions. It has a folder and nothing else. */
@SuppressWarnings("rawtypes") // as Jenkins declares builds of any job
public final class ReadBuild extends Run {
    private Path folder;
    private Set<Permission> allowed;

    @SuppressWarnings("unchecked")
    private ReadBuild(Job job) throws IOException {
        super(job);
    }

    /** The constructor of a build needs a whole Jenkins, so that it is not called. */
    public static Run<?, ?> of(Path folder, Permission... allowed) {
        ReadBuild build = (ReadBuild) new SunUnsafeReflectionProvider().newInstance(ReadBuild.class);
        build.folder = folder;
        build.allowed = Set.of(allowed);
        return build;
    }

    @Override
    public File getRootDir() {
        return folder.toFile();
    }

    @Override
    public boolean isBuilding() {
        return false;
    }

    @Override
    public String getFullDisplayName() {
        return "shop #1";
    }

    @Override
    public Run getPreviousBuild() {
        return null;
    }

    @Override
    public ACL getACL() {
        return ACL.lambda2((who, what) -> allowed.contains(what));
    }
}
