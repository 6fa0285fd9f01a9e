package io.jenkins.plugins.minibuild.miniprogram.profile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.listeners.ItemListener;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.minibuild.step.AutoBuild;
import io.jenkins.plugins.minibuild.step.AutoBuildFactory;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.Jenkins;

/** The profiles of all jobs, and those that a job has for itself, as pushes can build them. */
@Extension
public final class ProfileAutoBuildFactory extends AutoBuildFactory {
    /** Those of jobs; null when they have to be looked for again. */
    private static volatile List<AutoBuild> ofJobs;

    @Override
    public List<AutoBuild> all() {
        List<AutoBuild> all = new ArrayList<>();
        MiniProgramsConfiguration.get()
                .getProfiles()
                .forEach(each -> all.add(autoBuild(each.getName(), each, each.getJob())));
        all.addAll(ofJobs());
        return all;
    }

    private static List<AutoBuild> ofJobs() {
        List<AutoBuild> own = ofJobs;
        if (own == null) {
            own = find();
            ofJobs = own;
        }
        return own;
    }

    private static List<AutoBuild> find() {
        List<AutoBuild> found = new ArrayList<>();
        try (ACLContext all = ACL.as2(ACL.SYSTEM2)) {
            for (Job<?, ?> job : Jenkins.get().allItems(Job.class)) {
                MiniProgramJobConfiguration property = job.getProperty(MiniProgramJobConfiguration.class);
                if (property != null && property.getProfile().isAutoBuild()) {
                    String name = AutoBuild.nameOfJobsOwn(job.getFullName());
                    found.add(autoBuild(name, property.getProfile(), job.getFullName()));
                }
            }
        }
        return List.copyOf(found);
    }

    private static AutoBuild autoBuild(String name, ProfileConfiguration profile, @CheckForNull String job) {
        return new AutoBuild(
                name,
                profile.isEnabled() && profile.isAutoBuild(),
                profile.getGitUrl(),
                profile.getBranch(),
                job,
                profile.getGitCredentialsId());
    }

    /** Any job that is changed may have got a profile, or lost it. */
    @Extension
    public static final class ChangesListener extends ItemListener {
        private static void forget() {
            ofJobs = null;
        }

        @Override
        public void onLoaded() {
            forget();
        }

        @Override
        public void onCreated(Item item) {
            forget();
        }

        @Override
        public void onCopied(Item src, Item item) {
            forget();
        }

        @Override
        public void onUpdated(Item item) {
            forget();
        }

        @Override
        public void onDeleted(Item item) {
            forget();
        }

        @Override
        public void onLocationChanged(Item item, String oldFullName, String newFullName) {
            forget();
        }
    }
}
