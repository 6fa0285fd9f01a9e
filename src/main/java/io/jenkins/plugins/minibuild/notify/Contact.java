package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The names of one person in the services. A name that is not known is empty, never null: a message must not mention a person called "null".
 *
 * @param name the Jenkins user or the email address of commits
 * @param phone for DingTalk
 * @param weComId the userid in WeCom
 * @param dingTalkId the userid in DingTalk
 * @param openId the open_id in Feishu or Lark
 * @param email the address for messages
 */
public record Contact(String name, String phone, String weComId, String dingTalkId, String openId, String email) {

    /** Replaces null by an empty text. */
    public Contact {
        name = clean(name);
        phone = clean(phone);
        weComId = clean(weComId);
        dingTalkId = clean(dingTalkId);
        openId = clean(openId);
        email = clean(email);
    }

    private static String clean(@CheckForNull String value) {
        return value == null || "null".equals(value) ? "" : value.strip();
    }

    /** Finds people in the user map. A name that the map does not have, but that is an email address, becomes a contact with that address. */
    public static List<Contact> find(List<Contact> map, Collection<String> names) {
        Set<Contact> found = new LinkedHashSet<>();
        for (String name : names) {
            String wanted = clean(name).toLowerCase(Locale.ROOT);
            if (wanted.isEmpty()) {
                continue;
            }
            Contact known = map.stream()
                    .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(wanted)
                            || each.email().toLowerCase(Locale.ROOT).equals(wanted))
                    .findFirst()
                    .orElse(null);
            if (known != null) {
                found.add(known);
            } else if (wanted.contains("@")) {
                found.add(new Contact(wanted, "", "", "", "", wanted));
            }
        }
        return List.copyOf(found);
    }
}
