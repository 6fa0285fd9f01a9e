package io.jenkins.plugins.minibuild.workflow.run;

import io.jenkins.plugins.minibuild.workflow.expression.Template;
import java.io.IOException;

/** Puts values in the places of references. */
@FunctionalInterface
public interface Texts {
    /**
     * The text of a template.
     *
     * @throws IOException when a reference has no value; the message is for users
     */
    String of(Template template) throws IOException;
}
