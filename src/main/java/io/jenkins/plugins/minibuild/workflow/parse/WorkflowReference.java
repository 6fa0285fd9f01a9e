package io.jenkins.plugins.minibuild.workflow.parse;

import io.jenkins.plugins.minibuild.language.BoundLocale;
import java.util.Locale;
import java.util.Optional;

/** The reference of the language as Markdown, made from the table that the parser reads by: a section a level, a row a key. */
public final class WorkflowReference {
    private WorkflowReference() {}

    /** The sections in a language, each with a heading of the third level. Ends with a line end. */
    public static String markdown(Locale locale) {
        try (BoundLocale bound = BoundLocale.bind(Optional.of(locale))) {
            StringBuilder text = new StringBuilder();
            for (Level level : Level.values()) {
                text.append(text.isEmpty() ? "" : "\n").append(section(level));
            }
            return text.toString();
        }
    }

    private static String section(Level level) {
        StringBuilder text = new StringBuilder();
        text.append("### ").append(Messages.Reference_heading(level.words())).append("\n\n");
        text.append(row(
                Messages.Reference_key(),
                Messages.Reference_value(),
                Messages.Reference_fallback(),
                Messages.Reference_meaning(),
                Messages.Reference_example()));
        text.append("|---|---|---|---|---|\n");
        for (Key key : level.keys()) {
            if (!key.isIgnored()) {
                text.append(row(
                        "`" + key.name() + "`",
                        key.choices().isEmpty() ? key.type().words() : "`" + String.join("`, `", key.choices()) + "`",
                        key.isRequired()
                                ? Messages.Reference_required()
                                : key.fallback().isEmpty() ? "" : "`" + key.fallback() + "`",
                        key.description().get(),
                        "`" + key.name() + ": " + key.example() + "`"));
            }
        }
        return text.toString();
    }

    private static String row(String... cells) {
        StringBuilder row = new StringBuilder("|");
        for (String cell : cells) {
            row.append(' ').append(cell.replace("|", "\\|")).append(cell.isEmpty() ? "|" : " |");
        }
        return row.append('\n').toString();
    }
}
