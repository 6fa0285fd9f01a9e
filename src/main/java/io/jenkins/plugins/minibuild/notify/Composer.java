package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Writes a notice as the messages of a channel, and joins waiting messages to a digest. */
final class Composer {
    private static final int LONGEST_TITLE = 200;
    private static final int LONGEST_LINE = 300;
    /** To which length long values are cut, one after the other, before the end of the message is. */
    private static final int[] SHORTER = {1500, 600, 200, 80};

    private static final List<String> LONG_VALUES = List.of("error", "details", "commitMessage", "remedy", "message");

    private final Supplier<String> ids;

    /** @param ids gives names that sort by age */
    Composer(Supplier<String> ids) {
        this.ids = ids;
    }

    /**
     * The messages, in the order in which they are to be sent.
     *
     * @param own the template to use instead of the channel's; null for the channel's
     * @param picture the name of a picture in the outbox; null for none
     * @param pictureUrl where the same can be seen without logging in; empty if nowhere
     */
    List<Message> compose(
            Notice notice,
            Channel channel,
            List<Person> people,
            @CheckForNull Template own,
            @CheckForNull String picture,
            String pictureUrl,
            long now) {
        Map<String, String> values = new TreeMap<>(notice.valuesFor(channel.markup(), channel.locale()));
        if (channel.pictureByUrl() && !pictureUrl.isEmpty()) {
            values.put("pictureUrl", pictureUrl);
        }
        String mentions = mentions(channel.markup(), people);
        Template template = own == null ? channel.template(notice.event()) : own;
        if (template.render(values, channel.markup()).isEmpty()) {
            // No service takes a message without a text, and somebody wanted one.
            template = Template.standard(channel.markup(), channel.locale());
        }
        String body = fit(template, values, channel.markup(), mentions, channel.mostBytes());
        String plain = channel.markup() == Markup.HTML
                ? Template.standard(Markup.PLAIN, channel.locale()).render(values, Markup.PLAIN)
                : "";
        String title = ByteLimit.cut(
                Markup.PLAIN
                        .text("[" + notice.job() + "] " + notice.value("build") + " " + values.get("title"))
                        .replace('\n', ' '),
                LONGEST_TITLE);
        String line = line(notice, values, channel.markup());
        List<Message> messages = new ArrayList<>();
        boolean apart = picture != null && channel.pictureApart();
        messages.add(
                message(notice, channel, now, title, body, plain, line, apart ? null : picture, false, people, values));
        if (apart) {
            messages.add(message(notice, channel, now, title, "", "", line, picture, true, List.of(), Map.of()));
        }
        return messages;
    }

    private Message message(
            Notice notice,
            Channel channel,
            long now,
            String title,
            String body,
            String plain,
            String line,
            @CheckForNull String picture,
            boolean pictureOnly,
            List<Person> people,
            Map<String, String> values) {
        return new Message(
                ids.get(),
                channel.scope(),
                channel.name(),
                notice.event().id(),
                notice.job(),
                notice.number(),
                now,
                title,
                body,
                plain,
                line,
                notice.event().tone(),
                notice.value("url"),
                picture,
                pictureOnly,
                people,
                values,
                List.of(),
                0,
                0);
    }

    /** The text within its bytes: long values give way before the links at the end do. */
    private static String fit(Template template, Map<String, String> values, Markup markup, String mentions, int most) {
        int left = most - ByteLimit.bytes(mentions);
        String text = template.render(values, markup);
        for (int i = 0; i < SHORTER.length && ByteLimit.bytes(text) > left; i++) {
            Map<String, String> shorter = new TreeMap<>(values);
            int length = SHORTER[i];
            LONG_VALUES.forEach(name -> shorter.computeIfPresent(name, (n, value) -> ByteLimit.cut(value, length)));
            text = template.render(shorter, markup);
        }
        return ByteLimit.cut(text, left) + mentions;
    }

    /** The words that make a service call somebody; empty where it is done otherwise. */
    static String mentions(Markup markup, List<Person> people) {
        String words =
                switch (markup) {
                    case WECOM -> each(people, Person::weComId, "<@", ">");
                    case DINGTALK -> each(people, p -> p.phone().isEmpty() ? p.dingTalkId() : p.phone(), "@", "");
                    case FEISHU -> each(people, Person::openId, "<at id=", "></at>");
                    case HTML, PLAIN -> "";
                };
        return words.isEmpty() ? "" : "\n" + words;
    }

    private static String each(
            List<Person> people, java.util.function.Function<Person, String> id, String before, String after) {
        return people.stream()
                .map(id)
                // From a form: an id is letters, digits and a few signs in every service.
                .map(value -> value.replaceAll("[^A-Za-z0-9._@+-]", ""))
                .filter(value -> !value.isEmpty())
                .map(value -> before + value + after)
                .collect(Collectors.joining(" "));
    }

    private static String line(Notice notice, Map<String, String> values, Markup markup) {
        String text = markup.text(ByteLimit.cut(
                notice.job() + " " + notice.value("build") + ": " + values.get("title")
                        + (notice.value("branch").isEmpty() ? "" : " (" + notice.value("branch") + ")"),
                LONGEST_LINE / 2));
        String url = markup.url(notice.value("url"));
        if (url.isEmpty() || ByteLimit.bytes(url) > LONGEST_LINE) {
            return text;
        }
        return switch (markup) {
            case WECOM, DINGTALK, FEISHU -> "[" + text + "](" + url + ")";
            case HTML -> "<a href=\"" + url + "\">" + text + "</a>";
            case PLAIN -> text + " " + url;
        };
    }

    /** How many of the waiting messages fit into one digest, from the first on. */
    static int fitting(List<Message> waiting, Channel channel) {
        int left = channel.mostBytes() - 300;
        int count = 0;
        Set<Person> people = new LinkedHashSet<>();
        for (Message each : waiting) {
            int mentioned = ByteLimit.bytes(mentions(channel.markup(), List.copyOf(people)));
            people.addAll(each.people());
            mentioned = ByteLimit.bytes(mentions(channel.markup(), List.copyOf(people))) - mentioned;
            left -= ByteLimit.bytes(each.line()) + 8 + Math.max(0, mentioned);
            if (left < 0) {
                break;
            }
            count++;
        }
        return count;
    }

    /** One message for many of the same job. */
    Message digest(List<Message> waiting, Channel channel, long now) {
        Message first = waiting.get(0);
        Set<Person> people = new LinkedHashSet<>();
        waiting.forEach(each -> people.addAll(each.people()));
        String title = ByteLimit.cut(
                Messages._Digest_title(first.job(), waiting.size()).toString(channel.locale()), LONGEST_TITLE);
        boolean html = channel.markup() == Markup.HTML;
        String body = (html ? "<p><b>" : channel.markup() == Markup.PLAIN ? "" : "**")
                + channel.markup().text(title)
                + (html ? "</b></p><ul>" : channel.markup() == Markup.PLAIN ? "\n" : "**\n")
                + waiting.stream()
                        .map(each -> html ? "<li>" + each.line() + "</li>" : "- " + each.line())
                        .collect(Collectors.joining("\n"))
                + (html ? "</ul>" : "")
                + mentions(channel.markup(), List.copyOf(people));
        String plain =
                html ? title + "\n" + waiting.stream().map(Message::title).collect(Collectors.joining("\n")) : "";
        Event.Tone tone = waiting.stream().map(Message::tone).anyMatch(each -> each == Event.Tone.BAD)
                ? Event.Tone.BAD
                : first.tone();
        Map<String, String> values = new TreeMap<>();
        values.put("project", first.job());
        values.put("details", waiting.stream().map(Message::title).collect(Collectors.joining("\n")));
        return new Message(
                ids.get(),
                first.scope(),
                first.channel(),
                "digest",
                first.job(),
                waiting.get(waiting.size() - 1).number(),
                first.created(),
                title,
                body,
                plain,
                "",
                tone,
                "",
                null,
                false,
                List.copyOf(people),
                values,
                waiting.stream().map(Message::id).toList(),
                0,
                0);
    }
}
