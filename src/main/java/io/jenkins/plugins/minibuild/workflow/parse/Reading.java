package io.jenkins.plugins.minibuild.workflow.parse;

import io.jenkins.plugins.minibuild.workflow.expression.Expression;
import io.jenkins.plugins.minibuild.workflow.expression.Mention;
import io.jenkins.plugins.minibuild.workflow.expression.Reference;
import io.jenkins.plugins.minibuild.workflow.expression.SyntaxException;
import io.jenkins.plugins.minibuild.workflow.expression.Template;
import io.jenkins.plugins.minibuild.workflow.model.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One reading of one file: its problems, and the references found so far. For one thread. */
final class Reading {
    /** Characters of all conditions of a file: a regular expression takes much more memory than its text. */
    static final int MOST_CONDITIONS = 100_000;

    private final Problems problems = new Problems();
    private final List<Use> uses = new ArrayList<>();
    private final Set<String> knownSteps;
    private int conditions;

    /**
     * @param knownSteps what {@code uses} can name; empty where that is not known
     */
    Reading(Set<String> knownSteps) {
        this.knownSteps = knownSteps;
    }

    Problems problems() {
        return problems;
    }

    List<Use> uses() {
        return uses;
    }

    Set<String> knownSteps() {
        return knownSteps;
    }

    /**
     * Reads a text with references and notes them.
     *
     * @param scalar of which it is a part
     * @param from where in the scalar the text begins
     */
    Optional<Template> template(Owner owner, Key key, Yaml.Scalar scalar, int from) {
        String text = scalar.text().substring(from);
        int foreign = text.indexOf("${{");
        if (foreign >= 0) {
            problems.warn(scalar.at(from + foreign), Messages.Problem_foreign(), Messages.Problem_foreignRemedy());
        }
        try {
            Template template = Template.parse(text);
            List<Position> places = scalar.at(
                    template.offsets().stream().map(each -> from + each).toList());
            for (int i = 0; i < places.size(); i++) {
                uses.add(new Use(
                        owner,
                        template.references().get(i),
                        places.get(i),
                        key.name(),
                        key.type().takesSecrets()));
            }
            return Optional.of(template);
        } catch (SyntaxException e) {
            problems.error(
                    scalar.at(from + e.offset()),
                    Messages.Problem_template(key.name(), e.getMessage()),
                    Messages.Problem_templateRemedy());
            return Optional.empty();
        }
    }

    /** Reads a condition and notes what it asks for. */
    Optional<Expression> condition(Owner owner, Key key, Yaml.Scalar scalar) {
        conditions = Math.min(2 * YamlReader.LONGEST, conditions + scalar.text().length());
        if (conditions > MOST_CONDITIONS) {
            problems.error(
                    scalar.position(),
                    Messages.Problem_conditions(MOST_CONDITIONS),
                    Messages.Problem_conditionsRemedy());
            return Optional.empty();
        }
        try {
            Expression expression = Expression.parse(scalar.text());
            for (Mention mention : expression.mentions()) {
                Position position = scalar.at(mention.offset());
                String name = mention.name();
                Optional<Reference> reference = name.startsWith("jobs.") && name.endsWith(".result")
                        ? Optional.of(new Reference(
                                Reference.Kind.OUTPUT,
                                name.substring("jobs.".length(), name.length() - ".result".length()),
                                ""))
                        : Reference.named(name);
                reference.ifPresent(each -> uses.add(new Use(owner, each, position, key.name(), false)));
            }
            return Optional.of(expression);
        } catch (SyntaxException e) {
            problems.error(
                    scalar.at(e.offset()),
                    Messages.Problem_expression(key.name(), e.getMessage()),
                    Messages.Problem_expressionRemedy());
            return Optional.empty();
        }
    }
}
