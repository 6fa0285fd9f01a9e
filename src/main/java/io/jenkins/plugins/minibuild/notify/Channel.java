package io.jenkins.plugins.minibuild.notify;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Where messages go, as it is configured now. Holds no secret: the sender reads it when it sends.
 *
 * @param scope the full name of the folder that it belongs to; empty for a global one
 * @param name unique in its scope
 * @param markup what the service understands
 * @param mostBytes of a message's body, in UTF-8
 * @param rates what the service allows
 * @param pictureApart whether a picture is a message of its own
 * @param pictureByUrl whether a picture is shown by its address
 * @param locale of the standard texts
 * @param templates the channel's own, by event
 * @param sender speaks to the service
 */
record Channel(
        String scope,
        String name,
        Markup markup,
        int mostBytes,
        List<Rate> rates,
        boolean pictureApart,
        boolean pictureByUrl,
        Locale locale,
        Map<Event, Template> templates,
        Sender sender) {

    /** The template for an event. */
    Template template(Event event) {
        Template own = templates.get(event);
        return own == null ? Template.standard(markup, locale) : own;
    }

    /** What a channel is known by in the outbox. */
    record Id(String scope, String name) {
        static Id of(Message message) {
            return new Id(message.scope(), message.channel());
        }

        @Override
        public String toString() {
            return scope.isEmpty() ? name : scope + " » " + name;
        }
    }

    Id id() {
        return new Id(scope, name);
    }
}
