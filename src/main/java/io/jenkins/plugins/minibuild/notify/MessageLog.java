package io.jenkins.plugins.minibuild.notify;

import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.files.StoredFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/** The last attempts of every channel, in one file each: one line an attempt, rewritten when there are twice as many lines as are kept. */
final class MessageLog {
    static final int KEPT = 200;

    private static final Logger LOGGER = Logger.getLogger(MessageLog.class.getName());

    private final Path folder;
    private final Map<Channel.Id, Deque<LoggedAttempt>> last = new HashMap<>();
    private final Map<Channel.Id, Integer> lines = new HashMap<>();

    /** @param folder is made when it is needed */
    MessageLog(Path folder) {
        this.folder = folder;
    }

    /** Keeps an attempt. A disk that refuses it is logged only: sending matters more. */
    synchronized void add(Channel.Id channel, LoggedAttempt attempt) {
        Deque<LoggedAttempt> all = of(channel);
        all.addLast(attempt);
        while (all.size() > KEPT) {
            all.removeFirst();
        }
        try {
            if (lines.merge(channel, 1, Integer::sum) > 2 * KEPT) {
                String text = all.stream().map(each -> Json.text(each) + "\n").collect(Collectors.joining());
                StoredFile.replace(file(channel), text.getBytes(StandardCharsets.UTF_8));
                lines.put(channel, all.size());
            } else {
                Files.createDirectories(folder);
                Files.writeString(
                        file(channel), Json.text(attempt) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "An attempt to send to the channel " + channel + " was not recorded", e);
        }
    }

    /** The channels that were asked for, or have had an attempt, since the controller started. */
    synchronized Set<Channel.Id> known() {
        return Set.copyOf(last.keySet());
    }

    /** The last attempts, from the newest to the oldest. */
    synchronized List<LoggedAttempt> last(Channel.Id channel) {
        List<LoggedAttempt> all = new ArrayList<>(of(channel));
        Collections.reverse(all);
        return all;
    }

    private Deque<LoggedAttempt> of(Channel.Id channel) {
        return last.computeIfAbsent(channel, this::read);
    }

    private Deque<LoggedAttempt> read(Channel.Id channel) {
        Deque<LoggedAttempt> all = new ArrayDeque<>();
        int count = 0;
        try {
            String text = new String(StoredFile.read(file(channel)).orElse(new byte[0]), StandardCharsets.UTF_8);
            for (String line : text.lines().toList()) {
                count++;
                try {
                    all.addLast(Json.MAPPER.readValue(line, LoggedAttempt.class));
                } catch (IOException e) {
                    // The last line of a controller that was killed.
                    LOGGER.log(Level.FINE, "not an attempt", e);
                }
                if (all.size() > KEPT) {
                    all.removeFirst();
                }
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "The log of the channel " + channel + " cannot be read", e);
        }
        lines.put(channel, count);
        return all;
    }

    private Path file(Channel.Id channel) {
        return folder.resolve(channel.key() + ".jsonl");
    }
}
