package io.jenkins.plugins.minibuild.limits.retention;

import io.jenkins.plugins.minibuild.files.ByteCount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

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
        CACHE
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
        for (Candidate candidate : candidates) {
            int days =
                    switch (candidate.kind()) {
                        case OUTPUT -> outputDays;
                        case PREVIEW -> previewDays;
                        case EVIDENCE, CACHE -> 0;
                    };
            if (candidate.place() instanceof OnAgent cache) {
                caches.computeIfAbsent(cache.agent(), a -> new ArrayList<>()).add(candidate);
            } else if (days > 0 && !candidate.inUse() && age(candidate, now) > days) {
                deletions.add(new Deletion(candidate, Messages.RetentionPlan_old(age(candidate, now), days)));
            }
        }
        caches.values().forEach(all -> tooMuch(all, now, deletions));
        return deletions;
    }

    /** Adds the longest unused caches of one agent, until the rest is small enough. */
    private void tooMuch(List<Candidate> caches, long now, List<Deletion> deletions) {
        if (cacheGigabytes <= 0) {
            return;
        }
        long most = Math.round(cacheGigabytes * GIGABYTE);
        long left = caches.stream().mapToLong(Candidate::bytes).sum();
        caches.sort(Comparator.comparingLong(Candidate::lastUsed));
        for (Candidate cache : caches) {
            if (left <= most) {
                return;
            }
            if (!cache.inUse()) {
                deletions.add(new Deletion(cache, Messages.RetentionPlan_large(age(cache, now), ByteCount.text(most))));
                left -= cache.bytes();
            }
        }
    }

    private static long age(Candidate candidate, long now) {
        return TimeUnit.MILLISECONDS.toDays(now - candidate.lastUsed());
    }
}
