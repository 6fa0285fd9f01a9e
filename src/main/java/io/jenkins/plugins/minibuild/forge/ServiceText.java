package io.jenkins.plugins.minibuild.forge;

import io.jenkins.plugins.minibuild.diff.VisibleText;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Text of others on its way to a service: titles, descriptions and comments of merge requests, messages of commits. It is read as it was written, and
 * does nothing: it closes no issue, calls nobody, is no order and becomes no link. The rules of all services hold together, because a repository is
 * mirrored and moved, and because trackers read along.
 *
 * <ul>
 *   <li>GitHub: {@code Fixes #7}, {@code acme/shop#7}, {@code GH-7} and the address of an issue close it; {@code @name} calls; http, https and
 *       {@code www.} become links (docs.github.com: "Linking a pull request to an issue", "Autolinked references and URLs")
 *   <li>GitLab: the same by {@code #7}, {@code group/shop#7}, an address, and the key of Jira behind a closing word; {@code !7}, {@code &7},
 *       {@code %7}, {@code ~label}, {@code $7}, {@code ^alert#7} are references; a line that begins with a slash is an order, in commits {@code /tag}
 *       (docs.gitlab.com: "Managing issues", "GitLab Flavored Markdown", "Quick actions")
 *   <li>Gitee: {@code fix #I12ABC} closes, with the sign or without; {@code !7} is a pull request (help.gitee.com: issues and commits)
 *   <li>Azure DevOps {@code Fixes AB#7}, Jira {@code SHOP-12 #close}, Linear {@code fixes shop-12}: by the sign or by the key
 * </ul>
 */
public final class ServiceText {
    /** Has no width, and no service reads across it. */
    private static final String NOTHING = "\u200b";
    /** Looks as the hyphen does and is none: keys of trackers hold that of ASCII. */
    private static final String DASH = "\u2011";

    /** Behind such a word services and trackers take more for the name of an issue than elsewhere. */
    private static final Pattern CLOSING = Pattern.compile(
            "(?i)(?:clos(?:e|es|ed|ing)|fix(?:es|ed|ing)?|resolv(?:e|es|ed|ing)|implement(?:s|ed|ing)?|complet(?:e|es|ed|ing)"
                    + "|关闭|修复|解决|完成|实现)(?![a-z])");

    private static final Pattern KEY = Pattern.compile("(?<![A-Za-z0-9])((?:[A-Z][A-Z0-9_]{0,30}|[Gg][Hh]))-(?=[0-9])");
    private static final Pattern ANY_KEY = Pattern.compile("(?<![A-Za-z0-9])([A-Za-z][A-Za-z0-9_]{0,30})-(?=[0-9])");
    private static final Pattern GITEE =
            Pattern.compile("(?<![A-Za-z0-9])I(?=[0-9A-Z]{4,8}(?![A-Za-z0-9]))(?=[A-Z]{0,8}[0-9])");

    private static final Pattern SIGN = Pattern.compile("[#@!](?=\\S)|[%&^](?=[\\p{L}\\p{N}\"_])");
    /** In plain text {@code !=} and {@code 50%} stay whole. */
    private static final Pattern PLAIN_SIGN =
            Pattern.compile("(#)(?=[\\p{L}\\p{N}_])|(!)(?=[0-9])|(?<![A-Za-z0-9])(@)(?=[\\p{L}\\p{N}_])");

    private static final Pattern SCHEME = Pattern.compile("(?<=[A-Za-z+.-]):(?=\\S)|(?<=[0-9]):(?=/)");
    private static final Pattern PLAIN_SCHEME = Pattern.compile("(?<=[A-Za-z0-9+.-])://(?=\\S)");
    private static final Pattern WWW = Pattern.compile("(?i)(?<![A-Za-z0-9])(www\\.)(?=\\S)");
    /** Names of hosts without a scheme, which some readers make links of. Names of files end otherwise. */
    private static final Pattern HOST =
            Pattern.compile("(?i)(?<=[\\p{L}\\p{N}]\\.)(?=(?:com|cn|net|org|io|dev|app|top|xyz|info|edu|gov|co|me|site"
                    + "|online|shop|store|tech|cloud|link|wang|vip|club|ltd|hk|tw|jp|us|uk|eu|de|fr|ru|ai|tv|cc|biz|mobi|asia|pub|live|fun|ink|win"
                    + "|中国|公司|网络)(?![\\p{L}\\p{N}_]))");

    private static final Pattern MARKUP = Pattern.compile("[\\\\`*_{}\\[\\]()~|$#@!]");
    /** What makes a list, a rule, a heading, an order of GitLab at the beginning of a line. */
    private static final Pattern BEGIN = Pattern.compile("^(\\s*)([/+=-])");

    private static final Pattern NUMBERED = Pattern.compile("^(\\s*[0-9]{1,9})\\.");
    private static final Pattern ORDER = Pattern.compile("^\\s*/(?=[A-Za-z])");

    private ServiceText() {}

    /** As Markdown: shown literally, line for line. What begins a line of its own is put there by the caller. */
    public static String markdown(String text) {
        return lines(keys(shown(text)), ServiceText::markdownLine);
    }

    /**
     * As plain text: a title, or the message of a commit. Invisible characters and comments of HTML are left out, so that nobody joins by them what is
     * parted here, and what is parted is parted for people to see.
     */
    public static String plain(String text) {
        return lines(keys(VisibleText.of(text).text()), ServiceText::plainLine);
    }

    private static String lines(String text, UnaryOperator<String> line) {
        return text.lines().map(line).collect(Collectors.joining("\n"));
    }

    private static String markdownLine(String line) {
        // The signs of markup get a backslash; after that no pattern below looks at what is before a sign.
        String text = HOST.matcher(line).replaceAll(NOTHING);
        text = WWW.matcher(text).replaceAll("$1" + NOTHING);
        text = SCHEME.matcher(text).replaceAll(":" + NOTHING);
        text = SIGN.matcher(text).replaceAll("$0" + NOTHING);
        text = MARKUP.matcher(text).replaceAll("\\\\$0");
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        text = NUMBERED.matcher(text).replaceFirst("$1\\\\.");
        return BEGIN.matcher(text).replaceFirst("$1\\\\$2");
    }

    private static String plainLine(String line) {
        String text = PLAIN_SCHEME.matcher(line).replaceAll(":// ");
        text = WWW.matcher(text).replaceAll("$1 ");
        text = PLAIN_SIGN.matcher(text).replaceAll("$1$2$3 ");
        return ORDER.matcher(text).replaceFirst("- /");
    }

    /** Of the whole text: the word may be on another line than the name. */
    private static String keys(String text) {
        if (!CLOSING.matcher(text).find()) {
            return KEY.matcher(text).replaceAll("$1" + DASH);
        }
        return GITEE.matcher(ANY_KEY.matcher(text).replaceAll("$1" + DASH)).replaceAll("I" + DASH);
    }

    /** Without control characters, and without those of format, which could turn a line around; the joiner of emoji stays. */
    private static String shown(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c == '\n' || c == 0x200D || Character.getType(c) != Character.FORMAT && !Character.isISOControl(c)) {
                shown.appendCodePoint(c);
            } else if (Character.isISOControl(c)) {
                shown.append(c == '\r' ? "" : " ");
            }
        });
        return shown.toString();
    }
}
