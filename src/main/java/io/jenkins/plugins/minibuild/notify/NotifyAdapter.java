package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.minibuild.language.BoundLocale;
import io.jenkins.plugins.minibuild.language.LanguageAdapter;
import io.jenkins.plugins.minibuild.step.Fact;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.imageio.ImageIO;
import jenkins.model.Jenkins;

/** Makes the messages of a build and puts them into the outbox. */
final class NotifyAdapter {
    private static final Logger LOGGER = Logger.getLogger(NotifyAdapter.class.getName());

    /**
     * The messages of a build that are in the outbox.
     *
     * @param results by channel
     * @param problems why channels get no message, for people
     * @param unknown the names of channels that the job cannot use
     */
    record Queued(Map<String, CompletableFuture<SendResult>> results, List<String> problems, List<String> unknown) {}

    private NotifyAdapter() {}

    /**
     * Puts messages into the outbox; sends nothing itself, and never fails.
     *
     * @param environment empty for that of the build
     * @param facts of the event
     * @param log gets a line for everything that happens; null where there is no log any more
     */
    static Queued queue(
            Run<?, ?> run,
            NotifyRequest request,
            Event event,
            Map<String, String> environment,
            Map<Fact, String> facts,
            @CheckForNull TaskListener log) {
        return queue(run, request, event, environment, facts, log, Set.of());
    }

    /**
     * As above.
     *
     * @param told the channels that have had the same message already
     */
    static Queued queue(
            Run<?, ?> run,
            NotifyRequest request,
            Event event,
            Map<String, String> environment,
            Map<Fact, String> facts,
            @CheckForNull TaskListener log,
            Set<String> told) {
        Queued queued = new Queued(new LinkedHashMap<>(), new ArrayList<>(), new ArrayList<>());
        try (ACLContext all = ACL.as2(ACL.SYSTEM2);
                BoundLocale spoken = LanguageAdapter.bind(run)) {
            NoticeFactory factory = new NoticeFactory(run);
            Map<String, String> known = environment.isEmpty() ? environment(run) : environment;
            Map<String, Channel> usable = usable(run, request, queued);
            usable.values().removeIf(each -> told.contains(each.id().toString()));
            String why = request.whyNot(event, factory.branch(known), factory.requester());
            if (why != null) {
                say(log, why);
                return queued;
            }
            List<Channel> chosen = choose(run, request, event, usable, log);
            Notice notice = factory.notice(event, known, facts, request.program());
            byte[] bytes = request.picture() && !chosen.isEmpty()
                    ? factory.picture(event, facts, request.program())
                    : new byte[0];
            String picture = bytes.length == 0
                    ? null
                    : OutboxAdapter.get().outbox().pictures().put(bytes);
            List<Contact> people = Contact.find(
                    ChannelsAdapter.people(), factory.mentioned(request.mention(), facts.get(Fact.REVIEWERS)));
            for (Channel channel : chosen) {
                put(queued, channel, compose(channel, notice, people, request.message(), picture));
            }
            if (!queued.results().isEmpty()) {
                run.save();
                say(
                        log,
                        Messages.NotifyAdapter_queued(
                                event.id(), String.join(", ", queued.results().keySet())));
            }
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.WARNING, "There is no message about " + run, e);
            queued.problems().add(String.valueOf(e.getMessage()));
        }
        queued.problems().forEach(each -> say(log, each));
        return queued;
    }

    /**
     * The channels that the request means, by name. A name that the job cannot use is a problem, whatever becomes of this message: a wrong name is to be seen
     * in the first build, not in the first one that fails.
     */
    private static Map<String, Channel> usable(Run<?, ?> run, NotifyRequest request, Queued queued) {
        Map<String, Channel> all = ChannelsAdapter.of(run.getParent());
        Map<String, Channel> own = ChannelsAdapter.ofProfile(run.getParent(), request.program());
        Map<String, Channel> usable = new LinkedHashMap<>();
        if (request.channels().isEmpty() && own.isEmpty()) {
            usable.putAll(all);
        }
        for (String name : request.channels()) {
            if (all.containsKey(name)) {
                usable.put(name, all.get(name));
            } else {
                queued.unknown().add(name);
                queued.problems().add(Messages.NotifyAdapter_noChannel(name, String.join(", ", all.keySet())));
            }
        }
        own.forEach((name, channel) -> usable.put(channel.id().toString(), channel));
        if (usable.isEmpty() && request.channels().isEmpty()) {
            queued.problems().add(Messages.NotifyAdapter_noChannels());
        }
        return usable;
    }

    /** Those that have not had this message. */
    private static List<Channel> choose(
            Run<?, ?> run,
            NotifyRequest request,
            Event event,
            Map<String, Channel> usable,
            @CheckForNull TaskListener log) {
        List<Channel> chosen = new ArrayList<>();
        usable.forEach((name, channel) -> {
            if (NotifyCountAction.isFirst(run, request, event, channel.id())) {
                chosen.add(channel);
            } else {
                say(log, Messages.NotifyAdapter_repeated(name, event.id()));
            }
        });
        return chosen;
    }

    private static Map<String, String> environment(Run<?, ?> run) throws IOException {
        try {
            return run.getEnvironment(TaskListener.NULL);
        } catch (InterruptedException e) {
            // Somebody ends the build; the message goes with the other facts.
            Thread.currentThread().interrupt();
            return Map.of();
        }
    }

    private static List<Message> compose(
            Channel channel,
            Notice notice,
            List<Contact> people,
            @CheckForNull Template own,
            @CheckForNull String picture) {
        String root = Jenkins.get().getRootUrl();
        String url = picture == null || root == null ? "" : root + NotifyPictureAction.addressOf(picture);
        return new Composer(OutboxAdapter.get().outbox()::newId)
                .compose(notice, channel, people, own, picture, url, System.currentTimeMillis());
    }

    private static void put(Queued queued, Channel channel, List<Message> messages) throws IOException {
        for (Message each : messages) {
            CompletableFuture<SendResult> result = OutboxAdapter.get().queues().put(each);
            queued.results()
                    .merge(
                            channel.id().toString(),
                            result,
                            (text, image) -> text.thenCombine(image, (one, other) -> one.isSent() ? other : one));
        }
    }

    private static void say(@CheckForNull TaskListener log, String line) {
        if (log != null) {
            log.getLogger().println("[miniBuildNotify] " + line);
        }
    }

    /** Sends a test message at once, for a button, and keeps the attempt for the page of the notifications. */
    static SendResult test(@CheckForNull Item item, ChannelConfiguration configuration)
            throws IOException, InterruptedException {
        ItemGroup<?> group = item instanceof ItemGroup<?> folder ? folder : item == null ? null : item.getParent();
        Channel channel = configuration.channel(ChannelsAdapter.scope(item), ChannelsAdapter.secrets(group));
        String root = Jenkins.get().getRootUrl();
        long now = System.currentTimeMillis();
        Message message = new Composer(OutboxAdapter.get().outbox()::newId)
                .test(
                        channel,
                        root == null ? "" : root,
                        Jenkins.getAuthentication2().getName(),
                        now);
        SendResult result;
        try {
            result = channel.sender().send(message, configuration.isPictureTested() ? samplePicture() : new byte[0]);
        } catch (MissingSecretException e) {
            result = SendResult.broken(e.getMessage());
        }
        OutboxAdapter.get()
                .log()
                .add(
                        channel.id(),
                        new LoggedAttempt(now, "", 0, message.content().title(), result.kind(), result.text(), 1));
        return result;
    }

    private static byte[] samplePicture() throws IOException {
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB), "jpg", jpeg);
        return jpeg.toByteArray();
    }
}
