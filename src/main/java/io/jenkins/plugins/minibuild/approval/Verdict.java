package io.jenkins.plugins.minibuild.approval;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Arrays;
import java.util.stream.Collectors;

/** A reviewer's decision about a change. */
public enum Verdict {
    APPROVE("approve"),
    REJECT("reject"),
    NEEDS_REVISION("needsRevision");

    private final String word;

    Verdict(String word) {
        this.word = word;
    }

    /** As forms, REST, the command line and stored reviews write it. */
    @JsonValue
    public String word() {
        return word;
    }

    /** @throws IllegalArgumentException for any other word; the message names the good ones */
    @JsonCreator
    public static Verdict of(@CheckForNull String word) {
        return Arrays.stream(values())
                .filter(each -> each.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(Messages.Verdict_unknown(
                        word, Arrays.stream(values()).map(Verdict::word).collect(Collectors.joining(", ")))));
    }

    /** In the reader's language. */
    public String title() {
        return switch (this) {
            case APPROVE -> Messages.Verdict_approve();
            case REJECT -> Messages.Verdict_reject();
            case NEEDS_REVISION -> Messages.Verdict_needsRevision();
        };
    }
}
