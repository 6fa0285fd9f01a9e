package io.jenkins.plugins.minibuild.limits.retention;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.files.ByteCount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** Decides which files are too old or take too much space. It gets the files and the time, and deletes nothing. */
public final class RetentionPlan {
    /** The kinds of files. */
    enum Kind {
        /** A file or folder that the plugin keeps with a build. */
        OUTPUT,
        /** A record of a review or an approval: who approved which diff. It goes only with its build. */
        EVIDENCE,
        /** The QR code of a preview. */
        PREVIEW,
        /** A cache or a mirror on an agent. */
        CACHE,
        /** All artifacts of a build of a job that says how long they are kept. */
        ARTIFACTS
    }

    /** Where a file or folder is. The controller knows that by itself; only the names of caches come from an agent. */
    public sealed interface Place {
        /** For people. */
        String path();
    }

    /**
     * In the folder of a build.
     *
     * @param build the folder
     * @param inside the path below, with slashes
     */
    record InBuild(Path build, String inside) implements Place {
        @Override
        public String path() {
            return build.resolve(inside).toString();
        }
    }

    /**
     * How a job wants its artifacts to be kept.
     *
     * @param job its full name
     * @param days 0 for any number
     * @param gigabytes of all builds together; 0 for any number
     */
    record JobRule(String job, int days, double gigabytes) {}

    /**
     * All artifacts of a build, wherever they are kept.
     *
     * @param build as Jenkins finds it again
     * @param folder of the build
     * @param rule that of the job; null if all artifacts are the plugin's and are kept by its rule
     */
    record Artifacts(
            String build, Path folder, @CheckForNull JobRule rule) implements Place {
        @Override
        public String path() {
            return build + " artifacts";
        }
    }

    /**
     * On an agent.
     *
     * @param agent the name of the agent
     * @param root the agent's folder
     * @param name of the entry
     */
    record OnAgent(String agent, String root, CacheFolder folder, String name) implements Place {
        @Override
        public String path() {
            return (agent.isEmpty() ? "" : agent + ":") + root + "/" + folder.path() + "/" + name;
        }
    }

    /**
     * A file or folder that may be deleted.
     *
     * @param lastUsed in milliseconds of the wall clock
     * @param inUse whether it belongs to a running or a kept build
     */
    public record Candidate(Kind kind, Place place, long bytes, long lastUsed, boolean inUse) {}

    /** A file or folder that is to be deleted, with the reason for people. */
    public record Deletion(Candidate candidate, String reason) {}

    private static final double GIGABYTE = 1024.0 * 1024 * 1024;

    private final int outputDays;
    private final int previewDays;
    private final double cacheGigabytes;

    /** A parameter of 0 turns its rule off. */
    RetentionPlan(int outputDays, int previewDays, double cacheGigabytes) {
        this.outputDays = outputDays;
        this.previewDays = previewDays;
        this.cacheGigabytes = cacheGigabytes;
    }

    /** The deletions that are due at a time, in milliseconds of the wall clock. */
    List<Deletion> of(List<Candidate> candidates, long now) {
        List<Deletion> deletions = new ArrayList<>();
        Map<String, List<Candidate>> caches = new TreeMap<>();
        Map<JobRule, List<Candidate>> byJob = new LinkedHashMap<>();
        for (Candidate candidate : candidates) {
            int days =
                    switch (candidate.kind()) {
                        case OUTPUT -> outputDays;
                        case PREVIEW -> previewDays;
                        case EVIDENCE, CACHE, ARTIFACTS -> 0;
                    };
            if (candidate.place() instanceof OnAgent cache) {
                caches.computeIfAbsent(cache.agent(), a -> new ArrayList<>()).add(candidate);
            } else if (candidate.place() instanceof Artifacts all && all.rule() != null) {
                byJob.computeIfAbsent(all.rule(), r -> new ArrayList<>()).add(candidate);
            } else if (days > 0 && !candidate.inUse() && age(candidate, now) > days) {
                deletions.add(new Deletion(candidate, Messages.RetentionPlan_old(age(candidate, now), days)));
            }
        }
        caches.values()
                .forEach(all -> deletions.addAll(tooMuch(
                        all,
                        cacheGigabytes,
                        (cache, most) -> Messages.RetentionPlan_large(age(cache, now), ByteCount.text(most)))));
        List<Deletion> artifacts = new ArrayList<>();
        byJob.forEach((rule, all) -> artifacts.addAll(ofJob(rule, all, now)));
        return withoutWhatGoesWith(artifacts, deletions);
    }

    private static List<Deletion> ofJob(JobRule rule, List<Candidate> builds, long now) {
        List<Deletion> deletions = new ArrayList<>();
        List<Candidate> rest = new ArrayList<>();
        for (Candidate build : builds) {
            if (build.inUse()) {
                // A large build that is kept for ever must not cost all others theirs.
                continue;
            }
            if (rule.days() > 0 && age(build, now) > rule.days()) {
                deletions.add(new Deletion(build, Messages.RetentionPlan_old(age(build, now), rule.days())));
            } else {
                rest.add(build);
            }
        }
        deletions.addAll(tooMuch(
                rest,
                rule.gigabytes(),
                (build, most) -> Messages.RetentionPlan_largeJob(age(build, now), rule.job(), ByteCount.text(most))));
        return deletions;
    }

    /** Artifacts first: the plugin's folder of a build goes only when its artifacts could be deleted. Files among them go with them. */
    private static List<Deletion> withoutWhatGoesWith(List<Deletion> artifacts, List<Deletion> others) {
        List<Deletion> all = new ArrayList<>(artifacts);
        all.addAll(others.stream()
                .filter(each -> each.candidate().place() instanceof Artifacts)
                .toList());
        Set<Path> folders = all.stream()
                .map(each -> ((Artifacts) each.candidate().place()).folder())
                .collect(Collectors.toSet());
        others.stream()
                .filter(each -> !(each.candidate().place() instanceof Artifacts))
                .filter(each -> !(each.candidate().place() instanceof InBuild file
                        && file.inside().startsWith("archive/")
                        && folders.contains(file.build())))
                .forEach(all::add);
        return all;
    }

    /** The longest unused ones, until the rest is small enough. */
    private static List<Deletion> tooMuch(
            List<Candidate> candidates, double gigabytes, BiFunction<Candidate, Long, String> reason) {
        List<Deletion> deletions = new ArrayList<>();
        if (gigabytes <= 0) {
            return deletions;
        }
        long most = Math.round(gigabytes * GIGABYTE);
        long left = candidates.stream().mapToLong(Candidate::bytes).sum();
        candidates.sort(Comparator.comparingLong(Candidate::lastUsed));
        for (Candidate each : candidates) {
            if (left <= most) {
                break;
            }
            if (!each.inUse() && each.bytes() > 0) {
                deletions.add(new Deletion(each, reason.apply(each, most)));
                left -= each.bytes();
            }
        }
        return deletions;
    }

    private static long age(Candidate candidate, long now) {
        return TimeUnit.MILLISECONDS.toDays(now - candidate.lastUsed());
    }
}
