package io.jenkins.plugins.minibuild.notify;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The last deliveries of every channel, in one file each: a line a delivery, rewritten when there are twice as many as are kept. */
final class Deliveries {
    static final int KEPT = 200;

    private static final Logger LOGGER = Logger.getLogger(Deliveries.class.getName());
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final Map<Channel.Id, Deque<Delivery>> last = new HashMap<>();
    private final Map<Channel.Id, Integer> lines = new HashMap<>();

    Deliveries(Path folder) {
        this.folder = folder;
    }

    /** Keeps one; that the disk refuses it is logged, for the message matters more. */
    synchronized void add(Channel.Id channel, Delivery delivery) {
        Deque<Delivery> all = of(channel);
        all.addLast(delivery);
        while (all.size() > KEPT) {
            all.removeFirst();
        }
        try {
            Files.createDirectories(folder);
            int written = lines.merge(channel, 1, Integer::sum);
            if (written > 2 * KEPT) {
                StringBuilder text = new StringBuilder();
                for (Delivery each : all) {
                    text.append(JSON.writeValueAsString(each)).append('\n');
                }
                Path fresh = folder.resolve(Outbox.key(channel) + ".tmp");
                Files.writeString(fresh, text);
                Files.move(fresh, file(channel), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                lines.put(channel, all.size());
            } else {
                Files.writeString(
                        file(channel),
                        JSON.writeValueAsString(delivery) + "\n",
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "A delivery of the channel " + channel + " was not recorded", e);
        }
    }

    /** From the newest to the oldest. */
    synchronized List<Delivery> last(Channel.Id channel) {
        List<Delivery> all = new ArrayList<>(of(channel));
        Collections.reverse(all);
        return all;
    }

    private Deque<Delivery> of(Channel.Id channel) {
        return last.computeIfAbsent(channel, this::read);
    }

    private Deque<Delivery> read(Channel.Id channel) {
        Deque<Delivery> all = new ArrayDeque<>();
        int count = 0;
        try {
            if (Files.exists(file(channel))) {
                for (String line : Files.readAllLines(file(channel), StandardCharsets.UTF_8)) {
                    count++;
                    try {
                        all.addLast(JSON.readValue(line, Delivery.class));
                    } catch (IOException e) {
                        // The last line of a controller that was killed.
                        LOGGER.log(Level.FINE, "not a delivery", e);
                    }
                    if (all.size() > KEPT) {
                        all.removeFirst();
                    }
                }
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "The deliveries of the channel " + channel + " cannot be read", e);
        }
        lines.put(channel, count);
        return all;
    }

    private Path file(Channel.Id channel) {
        return folder.resolve(Outbox.key(channel) + ".jsonl");
    }
}
