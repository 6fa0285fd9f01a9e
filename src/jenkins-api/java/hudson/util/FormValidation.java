package hudson.util;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import java.io.IOException;
import java.util.Collection;
import org.kohsuke.stapler.HttpResponse;

/** What a form field's check answers. */
public abstract class FormValidation extends IOException implements HttpResponse {
    private static final long serialVersionUID = 1L;

    public final Kind kind;

    private FormValidation(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public abstract String renderHtml();

    public static FormValidation ok() {
        return respond(Kind.OK, null);
    }

    public static FormValidation ok(String message) {
        return respond(Kind.OK, Util.escape(message));
    }

    public static FormValidation okWithMarkup(String html) {
        return respond(Kind.OK, html);
    }

    public static FormValidation warning(String message) {
        return respond(Kind.WARNING, Util.escape(message));
    }

    public static FormValidation error(String message) {
        return respond(Kind.ERROR, Util.escape(message));
    }

    @NonNull
    public static FormValidation aggregate(@NonNull Collection<FormValidation> validations) {
        FormValidation worst = ok();
        for (FormValidation v : validations) {
            worst = v.kind.ordinal() > worst.kind.ordinal() ? v : worst;
        }
        return worst;
    }

    public static FormValidation validateRequired(String value) {
        return Util.fixEmptyAndTrim(value) == null ? error("Required") : ok();
    }

    private static FormValidation respond(Kind kind, String html) {
        return new FormValidation(kind, html) {
            private static final long serialVersionUID = 1L;

            @Override
            public String renderHtml() {
                return html == null ? "<div/>" : html;
            }
        };
    }

    /** How bad it is. */
    public enum Kind {
        OK,
        WARNING,
        ERROR
    }
}
