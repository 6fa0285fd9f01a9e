package io.jenkins.plugins.minibuild.notify;

import io.jenkins.plugins.minibuild.files.Digest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * A channel as it is configured now. Holds no secret: the sender reads it when it sends.
 *
 * @param id names the channel
 * @param format what its messages look like
 * @param rates what the service allows
 * @param pictures how it shows a picture
 * @param sender speaks to the service
 */
record Channel(Id id, Format format, List<Rate> rates, PictureStyle pictures, Sender sender) {

    /**
     * The name of a channel in the outbox.
     *
     * @param scope the full name of the folder that it belongs to; empty for a global one
     * @param name unique in its scope
     */
    record Id(String scope, String name) {
        Id {
            Objects.requireNonNull(scope);
            Objects.requireNonNull(name);
        }

        /** The name of the channel's files: names of channels may hold any character. */
        String key() {
            return Digest.ofParts(scope, name).substring(0, 16);
        }

        @Override
        public String toString() {
            return scope.isEmpty() ? name : scope + " » " + name;
        }
    }

    /**
     * What the messages of a channel look like.
     *
     * @param markup what the service understands
     * @param mostBytes of a message's body, in UTF-8
     * @param locale of the standard texts
     * @param templates the channel's own, by event
     */
    record Format(Markup markup, int mostBytes, Locale locale, Map<Event, Template> templates) {
        /** The template for an event. */
        Template template(Event event) {
            Template own = templates.get(event);
            return own == null ? Template.standard(markup, locale) : own;
        }
    }
}
