package io.jenkins.plugins.minibuild.miniprogram.profile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.XmlFile;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.Saveable;
import hudson.model.listeners.ItemListener;
import hudson.model.listeners.SaveableListener;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.minibuild.step.AutoBuild;
import io.jenkins.plugins.minibuild.step.AutoBuildFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import jenkins.model.Jenkins;

/** Offers the profiles of all jobs, and those of single jobs, to pushes. */
@Extension
public final class ProfileAutoBuildFactory extends AutoBuildFactory {

    /** To look at every job for each push would be slow on a controller with thousands of them. */
    private static final Kept<List<AutoBuild>> OF_JOBS = new Kept<>(ProfileAutoBuildFactory::find);

    @Override
    public List<AutoBuild> all() {
        List<AutoBuild> all = new ArrayList<>();
        MiniProgramsConfiguration.get()
                .getProfiles()
                .forEach(each -> all.add(autoBuild(each.identity(), each.getName(), each, each.getJob())));
        all.addAll(OF_JOBS.get());
        return all;
    }

    @Override
    public boolean isKeptIn(Saveable stored) {
        return stored instanceof MiniProgramsConfiguration;
    }

    private static List<AutoBuild> find() {
        List<AutoBuild> found = new ArrayList<>();
        try (ACLContext all = ACL.as2(ACL.SYSTEM2)) {
            for (Job<?, ?> job : Jenkins.get().allItems(Job.class)) {
                MiniProgramJobConfiguration property = job.getProperty(MiniProgramJobConfiguration.class);
                if (property != null) {
                    String name = AutoBuild.nameOfJobsOwn(job.getFullName());
                    found.add(autoBuild(name, name, property.getProfile(), job.getFullName()));
                }
            }
        }
        return List.copyOf(found);
    }

    private static AutoBuild autoBuild(String id, String name, ProfileConfiguration profile, @CheckForNull String job) {
        return new AutoBuild(
                id,
                name,
                pushes(profile),
                profile.getGitUrl(),
                profile.getBranch(),
                job,
                profile.getGitCredentialsId());
    }

    private static AutoBuild.Pushes pushes(ProfileConfiguration profile) {
        if (!profile.isAutoBuild()) {
            return AutoBuild.Pushes.IGNORED;
        }
        return profile.isEnabled() ? AutoBuild.Pushes.START : AutoBuild.Pushes.SWITCHED_OFF;
    }

    /** A value that is computed when it is needed and kept until it is forgotten. Safe for several threads. */
    static final class Kept<T> {
        private final Supplier<T> computation;
        private T value;
        /** How often the value was forgotten: one that was computed from an older state must not be kept. */
        private long generation;

        Kept(Supplier<T> computation) {
            this.computation = computation;
        }

        T get() {
            long before;
            synchronized (this) {
                if (value != null) {
                    return value;
                }
                before = generation;
            }
            T computed = computation.get();
            synchronized (this) {
                if (generation == before) {
                    value = computed;
                }
            }
            return computed;
        }

        synchronized void forget() {
            generation++;
            value = null;
        }
    }

    /** A job that is stored may have got a profile or lost it; a Pipeline's step {@code properties} stores it without any other event. */
    @Extension
    public static final class JobsListener extends SaveableListener {
        @Override
        public void onChange(Saveable o, XmlFile file) {
            if (o instanceof Job) {
                OF_JOBS.forget();
            }
        }
    }

    /** Jobs appear, disappear and move without being stored. */
    @Extension
    public static final class ItemsListener extends ItemListener {
        @Override
        public void onLoaded() {
            OF_JOBS.forget();
        }

        @Override
        public void onCreated(Item item) {
            OF_JOBS.forget();
        }

        @Override
        public void onDeleted(Item item) {
            OF_JOBS.forget();
        }

        @Override
        public void onLocationChanged(Item item, String oldFullName, String newFullName) {
            OF_JOBS.forget();
        }
    }
}
