package io.jenkins.plugins.minibuild.approval;

import io.jenkins.plugins.minibuild.approval.HumanReview.Reason;
import io.jenkins.plugins.minibuild.approval.HumanReview.Requester;
import io.jenkins.plugins.minibuild.notify.Contact;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Collects who asked for a change or made it. Where nobody knows who started the build, as with a timer, those count who wrote, committed or pushed it, and all of
 * them have to be users whom the user map names. Not for several threads.
 */
final class Askers {
    private static final Pattern AUTHOR = Pattern.compile("(.*?) ?<([^<>]*)>");

    private final List<Contact> map;
    private final Map<String, Requester> found = new LinkedHashMap<>();
    private final List<String> unnamed = new ArrayList<>();
    private boolean somebodyMadeIt;
    private boolean unknownStart;

    /** @param map the user map of the administrators */
    Askers(List<Contact> map) {
        this.map = List.copyOf(map);
    }

    /** A user of Jenkins. */
    void user(String id, Reason reason) {
        found.putIfAbsent(id.toLowerCase(Locale.ROOT), new Requester(id, reason));
    }

    /** A start that no user of Jenkins answers for. */
    void unknownStart() {
        unknownStart = true;
    }

    /** Somebody outside of Jenkins: {@code name <address>}, a name or an address. */
    void person(String person, Reason reason) {
        somebodyMadeIt = true;
        Matcher author = AUTHOR.matcher(person);
        List<String> names = author.matches() ? List.of(author.group(2), author.group(1)) : List.of(person);
        // What is an address is none of Jenkins' users.
        List<String> users = Contact.find(map, names).stream()
                .map(Contact::name)
                .filter(name -> !name.contains("@"))
                .toList();
        users.forEach(each -> user(each, reason));
        if (users.isEmpty()) {
            unnamed.add(person);
        }
    }

    /** Each once, with the first reason. */
    List<Requester> all() {
        return List.copyOf(found.values());
    }

    /** Whether it may be that somebody approves what they made themselves, and nobody notices. */
    boolean areUnknown() {
        return unknownStart && (!somebodyMadeIt || !unnamed.isEmpty());
    }

    /** Whether a person is among the authors, by the name that the commits give them. */
    static boolean isAuthor(List<String> authors, HumanReview.Person person) {
        return authors.stream()
                .map(AUTHOR::matcher)
                .filter(Matcher::matches)
                .anyMatch(author -> author.group(1).equalsIgnoreCase(person.name())
                        || author.group(1).equalsIgnoreCase(person.id()));
    }
}
