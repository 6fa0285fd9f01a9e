package io.jenkins.plugins.minibuild.workflow.place;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Who shares caches. A build saves into one scope, its own; it restores from that, then from others that trust more than itself. So what a build of a merge
 * request saved, whose code nobody has reviewed, is restored by builds of that merge request only. Immutable.
 *
 * @param own where the build saves
 * @param others where it also looks, in this order
 */
public record CacheScope(String own, List<String> others) {
    private static final List<String> MAIN = List.of("main", "master");

    /** Copies the list. */
    public CacheScope {
        others = List.copyOf(others);
    }

    /** All builds of a job share: for builds of which nothing says what they build. */
    public static CacheScope ofJob() {
        return new CacheScope("job", List.of());
    }

    /** Builds of a branch. They also look into those of {@code main} and {@code master}; the builds of these look nowhere else. */
    public static CacheScope ofBranch(String branch) {
        String own = branch(branch);
        List<String> main = MAIN.stream().map(CacheScope::branch).toList();
        return new CacheScope(own, main.contains(own) ? List.of() : main);
    }

    /** Builds of a tag: releases. They look nowhere else, so that nobody who can push a branch decides what is in them. */
    public static CacheScope ofTag(String tag) {
        return new CacheScope("tag\n" + tag, List.of());
    }

    /**
     * Builds of a merge request, from a fork or not.
     *
     * @param number as its service counts them
     * @param target the branch that it is for; null if that is not known
     */
    public static CacheScope ofMergeRequest(String number, @CheckForNull String target) {
        Set<String> others = new LinkedHashSet<>();
        if (target != null) {
            others.add(branch(target));
        }
        MAIN.forEach(each -> others.add(branch(each)));
        return new CacheScope("merge_request\n" + number, new ArrayList<>(others));
    }

    private static String branch(String name) {
        return "branch\n" + name;
    }

    /** Its own, then the others. */
    List<String> all() {
        List<String> all = new ArrayList<>();
        all.add(own);
        all.addAll(others);
        return all;
    }
}
