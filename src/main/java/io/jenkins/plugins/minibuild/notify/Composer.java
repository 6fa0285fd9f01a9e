package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Makes the messages of a channel from a notice, and one digest from many waiting messages. */
final class Composer {
    /** The event of a test message. */
    static final String TEST = "test";

    private static final int LONGEST_TITLE = 200;
    private static final int LONGEST_LINE = 300;
    /** The lengths to which long values are cut, one after the other, before the end of the message is cut. */
    private static final int[] SHORTER = {1500, 600, 200, 80};

    private static final List<String> LONG_VALUES = List.of("error", "details", "commitMessage", "remedy", "message");

    private final Supplier<String> ids;

    /** @param ids gives names that sort by age */
    Composer(Supplier<String> ids) {
        this.ids = ids;
    }

    /**
     * Makes the messages of a channel, in the order in which they are sent.
     *
     * @param own the template to use instead of the channel's; null for the channel's
     * @param picture the name of a picture in the outbox; null for none
     * @param pictureUrl shows the same picture without a login; empty for none
     */
    List<Message> compose(
            Notice notice,
            Channel channel,
            List<Contact> people,
            @CheckForNull Template own,
            @CheckForNull String picture,
            String pictureUrl,
            long now) {
        Channel.Format format = channel.format();
        Markup markup = format.markup();
        Map<String, String> values = new TreeMap<>(notice.valuesFor(markup, format.locale()));
        if (channel.pictures() == PictureStyle.BY_URL && !pictureUrl.isEmpty()) {
            values.put("pictureUrl", pictureUrl);
        }
        String mentions = mentions(markup, people);
        List<Message.Link> links = mentions.isEmpty() ? buttons(notice, values, format) : List.of();
        if (!links.isEmpty()) {
            values.put("buttons", Integer.toString(links.size()));
        }
        Template template = own == null ? format.template(notice.event()) : own;
        if (template.render(values, markup).isEmpty()) {
            // No service takes a message without a text.
            template = Template.standard(markup, format.locale());
        }
        String body = fit(template, values, markup, mentions, format.mostBytes());
        String plain = markup == Markup.HTML
                ? Template.standard(Markup.PLAIN, format.locale()).render(values, Markup.PLAIN)
                : "";
        String title = ByteLimit.cut(
                Markup.PLAIN
                        .text("[" + notice.job() + "] " + notice.value("build") + " " + values.get("title"))
                        .replace('\n', ' '),
                LONGEST_TITLE);
        String line = line(notice, values, markup);
        boolean apart = picture != null && channel.pictures() == PictureStyle.APART;
        List<Message> messages = new ArrayList<>();
        messages.add(message(
                channel.id(),
                origin(notice, now, values),
                new Message.Content(title, body, plain, line, people, links),
                picture == null || apart ? null : new Message.Picture(picture, false)));
        if (apart) {
            messages.add(message(
                    channel.id(),
                    origin(notice, now, Map.of()),
                    new Message.Content(title, "", "", line, List.of(), List.of()),
                    new Message.Picture(picture, true)));
        }
        return messages;
    }

    /** The buttons of a message to a service whose cards have some; empty for any other. */
    private static List<Message.Link> buttons(Notice notice, Map<String, String> values, Channel.Format format) {
        List<Message.Link> links = new ArrayList<>();
        if (format.markup() != Markup.DINGTALK || notice.value("url").isEmpty()) {
            return links;
        }
        Map<String, String> titles = new LinkedHashMap<>();
        titles.put("pageUrl", values.getOrDefault("page", ""));
        titles.put("qrUrl", Messages._Composer_qr().toString(format.locale()));
        titles.put("url", Messages._Composer_build().toString(format.locale()));
        titles.put("logUrl", Messages._Composer_log().toString(format.locale()));
        titles.forEach((name, title) -> {
            String url = format.markup().url(notice.value(name));
            if (!url.isEmpty()) {
                links.add(new Message.Link(title, url));
            }
        });
        return links;
    }

    /**
     * Makes a message that says that it is a test. It is about no build and links to none.
     *
     * @param jenkins the address of the controller; empty if it is not known
     * @param user who sends it
     */
    Message test(Channel channel, String jenkins, String user, long now) {
        Channel.Format format = channel.format();
        Markup markup = format.markup();
        String title = Messages._Composer_testTitle(channel.id().name()).toString(format.locale());
        String text = Messages._Composer_testText(jenkins.isEmpty() ? "-" : jenkins, user)
                .toString(format.locale());
        String body =
                switch (markup) {
                    case HTML -> "<h3>" + markup.text(title) + "</h3><p>" + markup.text(text) + "</p>";
                    case PLAIN -> title + "\n" + text;
                    case WECOM, DINGTALK, FEISHU -> "**" + markup.text(title) + "**\n\n" + markup.text(text);
                };
        return message(
                channel.id(),
                new Message.Origin(TEST, "", 0, now, Event.Tone.NEUTRAL, "", Map.of("title", title, "details", text)),
                new Message.Content(
                        title, body, markup == Markup.HTML ? title + "\n" + text : "", "", List.of(), List.of()),
                null);
    }

    private static Message.Origin origin(Notice notice, long now, Map<String, String> values) {
        Event event = notice.event();
        Map<String, String> raw = new TreeMap<>(values);
        // For programs: not the word of a language.
        raw.computeIfPresent("kind", (name, word) -> notice.value(name));
        return new Message.Origin(
                event.id(), notice.job(), notice.number(), now, event.tone(), notice.value("url"), raw);
    }

    private Message message(
            Channel.Id channel, Message.Origin origin, Message.Content content, @CheckForNull Message.Picture picture) {
        return new Message(ids.get(), channel, origin, content, picture, List.of(), Message.Attempts.NONE);
    }

    /** The text within the limit of bytes: long values are cut first, the links at the end last. */
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

    /** The words by which a service mentions people; empty for a service that does not do it in the text. */
    static String mentions(Markup markup, List<Contact> people) {
        String words =
                switch (markup) {
                    case WECOM -> each(people, Contact::weComId, "<@", ">");
                    case DINGTALK -> each(people, p -> p.phone().isEmpty() ? p.dingTalkId() : p.phone(), "@", "");
                    case FEISHU -> each(people, Contact::openId, "<at id=", "></at>");
                    case HTML, PLAIN -> "";
                };
        return words.isEmpty() ? "" : "\n" + words;
    }

    private static String each(List<Contact> people, Function<Contact, String> id, String before, String after) {
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
    static int fitting(List<Message> waiting, Channel.Format format) {
        int left = format.mostBytes() - 300;
        int count = 0;
        Set<Contact> people = new LinkedHashSet<>();
        for (Message each : waiting) {
            int before = ByteLimit.bytes(mentions(format.markup(), List.copyOf(people)));
            people.addAll(each.content().mentioned());
            int mentioned = ByteLimit.bytes(mentions(format.markup(), List.copyOf(people))) - before;
            left -= ByteLimit.bytes(each.content().line()) + 8 + Math.max(0, mentioned);
            if (left < 0) {
                break;
            }
            count++;
        }
        return count;
    }

    /** Makes one message from many of the same job. */
    Message digest(List<Message> waiting, Channel.Format format) {
        Message first = waiting.get(0);
        String job = first.origin().job();
        Set<Contact> people = new LinkedHashSet<>();
        waiting.forEach(each -> people.addAll(each.content().mentioned()));
        String title =
                ByteLimit.cut(Messages._Digest_title(job, waiting.size()).toString(format.locale()), LONGEST_TITLE);
        String titles = waiting.stream().map(each -> each.content().title()).collect(Collectors.joining("\n"));
        boolean html = format.markup() == Markup.HTML;
        String mark = format.markup() == Markup.PLAIN ? "" : "**";
        String body = (html ? "<p><b>" : mark)
                + format.markup().text(title)
                + (html ? "</b></p><ul>" : mark + "\n")
                + waiting.stream()
                        .map(each -> each.content().line())
                        .map(line -> html ? "<li>" + line + "</li>" : "- " + line)
                        .collect(Collectors.joining("\n"))
                + (html ? "</ul>" : "")
                + mentions(format.markup(), List.copyOf(people));
        boolean bad = waiting.stream().anyMatch(each -> each.origin().tone() == Event.Tone.BAD);
        return new Message(
                ids.get(),
                first.channel(),
                new Message.Origin(
                        "digest",
                        job,
                        waiting.get(waiting.size() - 1).origin().number(),
                        first.origin().created(),
                        bad ? Event.Tone.BAD : first.origin().tone(),
                        "",
                        Map.of("project", job, "details", titles)),
                new Message.Content(title, body, html ? title + "\n" + titles : "", "", List.copyOf(people), List.of()),
                null,
                waiting.stream()
                        .map(each -> new Message.Joined(
                                each.id(),
                                each.origin().number(),
                                each.attempts().count() > 0))
                        .toList(),
                Message.Attempts.NONE);
    }
}
