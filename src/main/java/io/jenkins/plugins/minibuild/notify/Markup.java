package io.jenkins.plugins.minibuild.notify;

import java.util.regex.Pattern;

/**
 * The markup of a service. It also escapes values, so that no client takes a value for markup. WeCom and DingTalk have no escapes that work in all of their
 * clients: there full-width characters replace the active ones. Feishu and email have HTML entities.
 */
public enum Markup {
    WECOM("wecom", "info", "warning", "warning", "comment"),
    DINGTALK("dingtalk", "#2E8B57", "#D97706", "#D32F2F", "#666666"),
    FEISHU("feishu", "green", "orange", "red", "grey"),
    HTML("html", "#2e7d32", "#b45309", "#c62828", "#555555"),
    PLAIN("plain", "", "", "", "");

    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\n]]+");
    /** Everything that could end an address or begin markup in one of the services. */
    private static final Pattern NOT_IN_URL = Pattern.compile("[^A-Za-z0-9._~:/?#@!$&+,;=%-]");

    private final String template;
    private final String good;
    private final String warning;
    private final String bad;
    private final String neutral;

    Markup(String template, String good, String warning, String bad, String neutral) {
        this.template = template;
        this.good = good;
        this.warning = warning;
        this.bad = bad;
        this.neutral = neutral;
    }

    /** The name of the service, for people. */
    String title() {
        return switch (this) {
            case WECOM -> Messages.WeComSender_service();
            case DINGTALK -> Messages.DingTalkSender_service();
            case FEISHU -> Messages.FeishuSender_service();
            case HTML -> Messages.Markup_html();
            case PLAIN -> Messages.Markup_plain();
        };
    }

    /** The name of its standard template. */
    String template() {
        return template;
    }

    /** The service's own word for a colour. */
    String colour(Event.Tone tone) {
        return switch (tone) {
            case GOOD -> good;
            case WARNING -> warning;
            case BAD -> bad;
            case NEUTRAL -> neutral;
        };
    }

    /** Escapes a value as text in one line. */
    String text(String value) {
        String clean = CONTROL.matcher(value).replaceAll(" ").strip();
        return switch (this) {
            case WECOM, DINGTALK -> fullWidth(clean.replace('\n', ' '));
            case FEISHU -> feishu(clean.replace('\n', ' '));
            case HTML -> html(clean).replace("\n", "<br>");
            case PLAIN -> clean;
        };
    }

    /** Escapes a value as an address; empty for anything but http and https. */
    String url(String value) {
        if (!value.startsWith("http://") && !value.startsWith("https://")) {
            return "";
        }
        String clean = NOT_IN_URL.matcher(value).replaceAll(found -> percent(found.group()));
        return this == HTML ? html(clean) : clean;
    }

    private static String percent(String character) {
        StringBuilder encoded = new StringBuilder();
        for (byte each : character.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            encoded.append('%').append(String.format("%02X", each));
        }
        return encoded.toString();
    }

    private static String fullWidth(String text) {
        StringBuilder made = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // A # is a heading only where a line begins.
            boolean heading = c == '#' && i == 0 && !(text.length() > 1 && Character.isDigit(text.charAt(1)));
            boolean active = heading || "<>[]*`!~|@".indexOf(c) >= 0;
            made.append(active ? (char) (c - 0x21 + 0xFF01) : c);
        }
        return made.toString();
    }

    private static String feishu(String text) {
        StringBuilder made = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ("&<>[]()*`#!~_\\".indexOf(c) < 0) {
                made.append(c);
            } else {
                made.append("&#").append((int) c).append(';');
            }
        }
        return made.toString();
    }

    private static String html(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
