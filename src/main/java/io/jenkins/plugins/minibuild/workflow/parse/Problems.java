package io.jenkins.plugins.minibuild.workflow.parse;

import io.jenkins.plugins.minibuild.workflow.expression.Nearest;
import io.jenkins.plugins.minibuild.workflow.model.Position;
import io.jenkins.plugins.minibuild.workflow.parse.Problem.Severity;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects what is wrong with a file. For one thread. */
final class Problems {
    /** More help nobody, and a file of a megabyte can have as many problems as values. */
    static final int MOST = 100;

    private static final int LONGEST_LIST = 400;
    private static final int LONGEST = 1_000;

    private final Set<Problem> all = new LinkedHashSet<>();
    private boolean errors;
    private int asked;

    void error(Position position, String text, String remedy) {
        errors = true;
        add(new Problem(position, Severity.ERROR, cut(text), cut(remedy)));
    }

    void warn(Position position, String text, String remedy) {
        add(new Problem(position, Severity.WARNING, cut(text), cut(remedy)));
    }

    /** Names and conditions of a file can be very long. */
    private static String cut(String text) {
        return text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
    }

    private void add(Problem problem) {
        // An error must not be lost behind a hundred warnings.
        if (all.size() < MOST || problem.severity() == Severity.ERROR && all.size() < 2 * MOST) {
            all.add(problem);
        }
    }

    /**
     * What someone may have meant, or what there is: a remedy. After many of them it only says where to look, so that a file with thousands of wrong names takes no
     * time.
     */
    String meant(String name, Collection<String> known) {
        if (++asked > 2 * MOST) {
            return Messages.Problem_see();
        }
        return Nearest.to(name, known).map(near -> Messages.Problem_meant(near)).orElseGet(() -> {
            StringBuilder list = new StringBuilder();
            for (String each : known) {
                if (list.length() + each.length() > LONGEST_LIST) {
                    list.append(list.isEmpty() ? "..." : ", ...");
                    break;
                }
                list.append(list.isEmpty() ? "" : ", ").append(each);
            }
            return Messages.Problem_known(list);
        });
    }

    boolean hasErrors() {
        return errors;
    }

    /** In the order of the file. */
    List<Problem> sorted() {
        return all.stream()
                .sorted(Comparator.comparingInt(
                                (Problem each) -> each.position().line())
                        .thenComparingInt(each -> each.position().column()))
                .toList();
    }
}
