package io.jenkins.plugins.minibuild.workflow.parse;

import io.jenkins.plugins.minibuild.workflow.model.Job;
import io.jenkins.plugins.minibuild.workflow.model.Position;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Holds the needs of all jobs against the jobs that there are. Takes time in proportion to jobs times needs at most. */
final class NeedsCheck {
    private final Problems problems;
    private final List<Job> jobs;
    private final Map<String, Integer> indexes = new HashMap<>();
    private final List<List<Integer>> edges = new ArrayList<>();
    private final Map<Integer, BitSet> reachable = new HashMap<>();

    /**
     * A need as it stands in the file.
     *
     * @param job the id that it names
     */
    record Need(String job, Position position) {}

    /**
     * @param jobs with ids that are there once
     */
    NeedsCheck(Problems problems, List<Job> jobs) {
        this.problems = problems;
        this.jobs = List.copyOf(jobs);
        for (Job job : jobs) {
            indexes.put(job.id(), indexes.size());
        }
    }

    /**
     * Says what is wrong with the needs.
     *
     * @param needs of each job, by its id; those of jobs without any may be missing
     * @return the ids that each job needs, in the order of the file; those that do not exist are left out
     */
    Map<String, List<String>> check(Map<String, List<Need>> needs) {
        Map<String, List<String>> known = new HashMap<>();
        Map<Integer, List<Need>> written = new TreeMap<>();
        Set<String> names = new TreeSet<>(indexes.keySet());
        for (Job job : jobs) {
            Set<String> ids = new LinkedHashSet<>();
            List<Need> good = new ArrayList<>();
            for (Need need : needs.getOrDefault(job.id(), List.of())) {
                if (!indexes.containsKey(need.job())) {
                    problems.error(
                            need.position(),
                            Messages.Problem_need(YamlReader.shortened(job.id()), YamlReader.shortened(need.job())),
                            problems.meant(need.job(), names));
                } else if (ids.add(need.job())) {
                    good.add(need);
                }
            }
            known.put(job.id(), List.copyOf(ids));
            written.put(indexes.get(job.id()), good);
            edges.add(ids.stream().map(indexes::get).toList());
        }
        circles(written);
        return known;
    }

    /** Whether a job needs another one, directly or not. */
    boolean isNeeded(String by, String job) {
        Integer from = indexes.get(by);
        Integer to = indexes.get(job);
        return from != null
                && to != null
                && reachable.computeIfAbsent(from, this::reachable).get(to);
    }

    private BitSet reachable(int from) {
        BitSet found = new BitSet(jobs.size());
        Deque<Integer> open = new ArrayDeque<>(edges.get(from));
        while (!open.isEmpty()) {
            int at = open.remove();
            if (!found.get(at)) {
                found.set(at);
                open.addAll(edges.get(at));
            }
        }
        return found;
    }

    /** Each circle is shown once: after it is found its jobs count as done. */
    private void circles(Map<Integer, List<Need>> written) {
        int[] state = new int[jobs.size()];
        int[] next = new int[jobs.size()];
        for (int root = 0; root < jobs.size(); root++) {
            Deque<Integer> path = new ArrayDeque<>();
            if (state[root] == 0) {
                path.addLast(root);
                state[root] = 1;
            }
            while (!path.isEmpty()) {
                int at = path.peekLast();
                if (next[at] == edges.get(at).size()) {
                    state[at] = 2;
                    path.removeLast();
                    continue;
                }
                int edge = next[at]++;
                int need = edges.get(at).get(edge);
                if (state[need] == 0) {
                    state[need] = 1;
                    path.addLast(need);
                } else if (state[need] == 1) {
                    circle(path, need, written.get(at).get(edge).position());
                }
            }
        }
    }

    private void circle(Deque<Integer> path, int from, Position position) {
        List<String> names = new ArrayList<>();
        boolean inside = false;
        for (int each : path) {
            inside |= each == from;
            if (inside) {
                names.add(jobs.get(each).id());
            }
        }
        names.add(jobs.get(from).id());
        problems.error(position, Messages.Problem_circle(String.join(" -> ", names)), Messages.Problem_circleRemedy());
    }

    /** Says which jobs can never run: their own condition never holds, or they need such a job and do not ask how it ended. */
    void unreachable() {
        Map<Integer, List<Integer>> dependents = new HashMap<>();
        Deque<Integer> never = new ArrayDeque<>();
        BitSet said = new BitSet(jobs.size());
        for (int i = 0; i < jobs.size(); i++) {
            Job job = jobs.get(i);
            for (int need : edges.get(i)) {
                dependents.computeIfAbsent(need, each -> new ArrayList<>()).add(i);
            }
            if (job.when() != null
                    && job.when().constant().filter(holds -> !holds).isPresent()) {
                never.add(i);
                said.set(i);
                problems.warn(
                        job.position(),
                        Messages.Problem_never(
                                YamlReader.shortened(job.id()),
                                YamlReader.shortened(job.when().source())),
                        Messages.Problem_neverRemedy());
            }
        }
        while (!never.isEmpty()) {
            int missing = never.remove();
            for (int i : dependents.getOrDefault(missing, List.of())) {
                Job job = jobs.get(i);
                if (!said.get(i) && (job.when() == null || !job.when().asksForStatus())) {
                    said.set(i);
                    never.add(i);
                    problems.warn(
                            job.position(),
                            Messages.Problem_neverNeeds(
                                    YamlReader.shortened(job.id()),
                                    YamlReader.shortened(jobs.get(missing).id())),
                            Messages.Problem_neverNeedsRemedy());
                }
            }
        }
    }
}
