package io.jenkins.plugins.minibuild.miniprogram;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What miniprogram-ci's check of the code found: rules that are met, and rules that are not. Immutable. */
public final class QualityReport implements Serializable {

    private static final long serialVersionUID = 1L;
    private static final int MOST = 100;

    private final ArrayList<Rule> rules;

    private QualityReport(ArrayList<Rule> rules) {
        this.rules = rules;
    }

    /** Reads what the driver reported, which comes from an agent; null when it reported nothing. */
    @CheckForNull
    static QualityReport read(@CheckForNull JsonNode list) {
        if (list == null || !list.isArray()) {
            return null;
        }
        ArrayList<Rule> rules = new ArrayList<>();
        for (JsonNode rule : list) {
            String name = DriverFailure.clean(rule.path("name").asText(""));
            if (!name.isEmpty() && rules.size() < MOST) {
                rules.add(new Rule(
                        name,
                        DriverFailure.clean(rule.path("text").asText("")),
                        rule.path("success").asBoolean(false)));
            }
        }
        return new QualityReport(rules);
    }

    /** All rules. */
    public List<Rule> rules() {
        return List.copyOf(rules);
    }

    /** The rules that are not met. */
    public List<Rule> failed() {
        return rules.stream().filter(rule -> !rule.met).toList();
    }

    /** A summary for the console. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(summary());
        failed().forEach(rule -> lines.add("  " + rule.name + ": " + rule.text));
        return lines;
    }

    /** One line, such as "Code quality: 9 of 11 rules are met". */
    public String summary() {
        return Messages.QualityReport_summary(rules.size() - failed().size(), rules.size());
    }

    /** For a Pipeline: {@code passed}, {@code total}, and {@code failed}, a list of {@code name} and {@code text}. */
    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        List<Map<String, Object>> list = new ArrayList<>();
        for (Rule rule : failed()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", rule.name);
            one.put("text", rule.text);
            list.add(one);
        }
        map.put("passed", rules.size() - list.size());
        map.put("total", rules.size());
        map.put("failed", list);
        return map;
    }

    /** One rule. */
    public static final class Rule implements Serializable {

        private static final long serialVersionUID = 1L;

        private final String name;
        private final String text;
        private final boolean met;

        private Rule(String name, String text, boolean met) {
            this.name = name;
            this.text = text;
            this.met = met;
        }

        /** The rule's own name, such as {@code PACKAGE_SIZE_LIMIT}. */
        public String getName() {
            return name;
        }

        /** The text of the rule. */
        public String getText() {
            return text;
        }
    }
}
