package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Who is who in the services. Empty where it is not known, never null, so that nobody called "null" is mentioned.
 *
 * @param name the Jenkins user or the email address of commits
 * @param phone for DingTalk
 * @param weComId the userid in WeCom
 * @param dingTalkId the userid in DingTalk
 * @param openId the open_id in Feishu or Lark
 * @param email where messages go
 */
public record Contact(String name, String phone, String weComId, String dingTalkId, String openId, String email) {

    /** Makes nulls empty. */
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

    /** The people of a map with one of the names; who is not in it but has an email address is known by that alone. */
    static List<Contact> find(List<Contact> map, Collection<String> names) {
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
