package io.jenkins.plugins.minibuild.workflow.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The axes along which a job is repeated. Immutable.
 *
 * @param axes the values of each axis as texts, in the order of the file
 * @param include further combinations, or further values for combinations that match
 * @param exclude combinations that are left out; each may name a part of the axes
 * @param maxParallel of its jobs at once; 0 for no limit of its own
 */
public record Matrix(
        Map<String, List<String>> axes,
        List<Map<String, String>> include,
        List<Map<String, String>> exclude,
        int maxParallel) {
    /** Copies the collections. */
    public Matrix {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        axes.forEach((axis, values) -> copy.put(axis, List.copyOf(values)));
        axes = Collections.unmodifiableMap(copy);
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
    }

    /**
     * The combinations in their order: the last axis changes first. As in GitHub's workflows, an {@link #include} whose values of axes agree with a
     * combination adds its other values to it, so one without axes adds them to all; one that agrees with none is a combination of its own.
     */
    public List<Map<String, String>> combinations() {
        List<Map<String, String>> all = new ArrayList<>();
        if (!axes.isEmpty()) {
            all.add(Map.of());
        }
        for (Map.Entry<String, List<String>> axis : axes.entrySet()) {
            List<Map<String, String>> longer = new ArrayList<>();
            for (Map<String, String> begun : all) {
                for (String value : axis.getValue()) {
                    Map<String, String> one = new LinkedHashMap<>(begun);
                    one.put(axis.getKey(), value);
                    longer.add(one);
                }
            }
            all = longer;
        }
        all.removeIf(one -> exclude.stream().anyMatch(part -> one.entrySet().containsAll(part.entrySet())));
        int plain = all.size();
        for (Map<String, String> more : include) {
            boolean matched = false;
            for (int i = 0; i < plain; i++) {
                Map<String, String> one = all.get(i);
                if (axes.keySet().stream()
                        .allMatch(axis ->
                                !more.containsKey(axis) || more.get(axis).equals(one.get(axis)))) {
                    one.putAll(more);
                    matched = true;
                }
            }
            if (!matched) {
                all.add(new LinkedHashMap<>(more));
            }
        }
        return all;
    }
}
