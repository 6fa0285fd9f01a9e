package io.jenkins.plugins.minibuild.workflow.parse;

import io.jenkins.plugins.minibuild.workflow.expression.Reference;
import io.jenkins.plugins.minibuild.workflow.model.Matrix;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the matrix of a job. */
final class MatrixReader {
    /** Combinations of one job. */
    static final int MOST = 256;

    private final Fields fields;

    MatrixReader(Fields fields) {
        this.fields = fields;
    }

    /** The matrix; empty if it cannot be used, which has been said. */
    Optional<Matrix> matrix() {
        Map<String, List<String>> axes = new LinkedHashMap<>();
        boolean complete = true;
        for (Yaml.Entry entry : fields.others()) {
            Optional<List<String>> values = axis(entry);
            values.ifPresent(each -> axes.put(entry.key().text(), each));
            complete &= values.isPresent();
        }
        List<Map<String, String>> include = combinations("include");
        List<Map<String, String>> exclude = combinations("exclude");
        if (complete) {
            checkExcluded(axes);
        }
        if (complete && axes.isEmpty() && include.isEmpty()) {
            fields.bad(fields.position(), Messages.Problem_matrixEmpty(), Messages.Problem_matrixEmptyRemedy());
            return Optional.empty();
        }
        long product = include.size();
        long combined = 1;
        for (List<String> values : axes.values()) {
            combined = Math.min(Integer.MAX_VALUE, combined * values.size());
        }
        product += axes.isEmpty() ? 0 : combined;
        // Before they are made: ten axes of ten values would be ten thousand million.
        if (product > MOST * 4L) {
            many(product);
            return Optional.empty();
        }
        Matrix matrix =
                new Matrix(axes, include, exclude, fields.count("max_parallel").orElse(0));
        List<Map<String, String>> all = matrix.combinations();
        if (all.size() > MOST) {
            many(all.size());
        } else if (all.isEmpty() && complete) {
            fields.bad(fields.position(), Messages.Problem_matrixEmpty(), Messages.Problem_matrixEmptyRemedy());
        }
        Set<List<String>> seen = new HashSet<>();
        for (Map<String, String> one : all) {
            List<String> values = List.copyOf(one.values());
            if (!seen.add(values)) {
                fields.bad(
                        fields.keyPosition("include"),
                        Messages.Problem_matrixTwice(YamlReader.shortened(String.join(", ", values))),
                        Messages.Problem_matrixTwiceRemedy());
                break;
            }
        }
        return Optional.of(matrix);
    }

    private void many(long count) {
        fields.bad(fields.position(), Messages.Problem_matrixBig(count, MOST), Messages.Problem_matrixBigRemedy());
    }

    private Optional<List<String>> axis(Yaml.Entry entry) {
        String name = entry.key().text();
        if (name.length() > 100 || !Reference.isKey(name)) {
            fields.bad(
                    entry.key().position(),
                    Messages.Problem_key("matrix", YamlReader.shortened(name)),
                    Messages.Problem_keyRemedy());
            return Optional.empty();
        }
        List<Yaml> items = entry.value() instanceof Yaml.Sequence list ? list.items() : List.of(entry.value());
        List<String> values = new ArrayList<>();
        for (Yaml item : items) {
            if (!(item instanceof Yaml.Scalar scalar) || scalar.isNothing() || !Fields.isName(scalar.text())) {
                fields.bad(item.position(), Messages.Problem_axis(name), Messages.Problem_axisRemedy(name));
                return Optional.empty();
            }
            if (values.contains(scalar.text())) {
                fields.bad(
                        scalar.position(),
                        Messages.Problem_axisTwice(name, YamlReader.shortened(scalar.text())),
                        Messages.Yaml_twiceRemedy());
                return Optional.empty();
            }
            values.add(scalar.text());
            if (values.size() > MOST) {
                many(items.size());
                return Optional.empty();
            }
        }
        if (values.isEmpty()) {
            fields.bad(entry.key().position(), Messages.Problem_axis(name), Messages.Problem_axisRemedy(name));
            return Optional.empty();
        }
        return Optional.of(values);
    }

    private List<Map<String, String>> combinations(String key) {
        List<Map<String, String>> combinations = new ArrayList<>();
        if (fields.value(key).orElse(null) instanceof Yaml.Sequence list) {
            if (list.items().size() > MOST) {
                many(list.items().size());
                return combinations;
            }
            for (Yaml item : list.items()) {
                combination(key, item).ifPresent(combinations::add);
            }
        }
        return combinations;
    }

    private Optional<Map<String, String>> combination(String key, Yaml item) {
        Map<String, String> combination = new LinkedHashMap<>();
        if (item instanceof Yaml.Mapping mapping && !mapping.entries().isEmpty()) {
            for (Yaml.Entry entry : mapping.entries()) {
                if (!(entry.value() instanceof Yaml.Scalar scalar)
                        || scalar.isNothing()
                        || !Fields.isName(scalar.text())
                        || !Reference.isKey(entry.key().text())) {
                    fields.bad(
                            entry.key().position(),
                            Messages.Problem_combination(key),
                            Messages.Problem_combinationRemedy(key));
                    return Optional.empty();
                }
                combination.put(entry.key().text(), scalar.text());
            }
            return Optional.of(combination);
        }
        fields.bad(item.position(), Messages.Problem_combination(key), Messages.Problem_combinationRemedy(key));
        return Optional.empty();
    }

    /** What is left out has to be there: a misspelled axis would leave out nothing. */
    private void checkExcluded(Map<String, List<String>> axes) {
        if (!(fields.value("exclude").orElse(null) instanceof Yaml.Sequence list)) {
            return;
        }
        for (Yaml item : list.items()) {
            if (item instanceof Yaml.Mapping mapping) {
                for (Yaml.Entry entry : mapping.entries()) {
                    String axis = entry.key().text();
                    if (!axes.containsKey(axis)) {
                        fields.bad(
                                entry.key().position(),
                                Messages.Problem_noAxis(YamlReader.shortened(axis)),
                                fields.reading().problems().meant(axis, axes.keySet()));
                    } else if (entry.value() instanceof Yaml.Scalar scalar
                            && !axes.get(axis).contains(scalar.text())) {
                        fields.reading()
                                .problems()
                                .warn(
                                        scalar.position(),
                                        Messages.Problem_excluded(axis, YamlReader.shortened(scalar.text())),
                                        fields.reading().problems().meant(scalar.text(), axes.get(axis)));
                    }
                }
            }
        }
    }
}
