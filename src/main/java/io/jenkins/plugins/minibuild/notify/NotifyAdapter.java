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
     */
    record Queued(Map<String, CompletableFuture<SendResult>> results, List<String> problems) {}

    private NotifyAdapter() {}

    /**
     * Puts messages into the outbox; sends nothing itself, and never fails.
     *
     * @param byProfile whether the profile asks for it, or else the job itself
     * @param environment empty for that of the build
     * @param facts of the event
     * @param log gets a line for everything that happens; null where there is no log any more
     */
    static Queued queue(
            Run<?, ?> run,
            boolean byProfile,
            NotifyRequest request,
            Event event,
            Map<String, String> environment,
            Map<Fact, String> facts,
            @CheckForNull TaskListener log) {
        Queued queued = new Queued(new LinkedHashMap<>(), new ArrayList<>());
        try (ACLContext all = ACL.as2(ACL.SYSTEM2);
                BoundLocale spoken = LanguageAdapter.bind(run)) {
            NoticeFactory factory = new NoticeFactory(run);
            Notice notice = factory.notice(event, environment.isEmpty() ? environment(run) : environment, facts);
            String why = request.whyNot(event, notice.value("branch"), factory.requester());
            if (why != null) {
                say(log, why);
                return queued;
            }
            List<Channel> chosen = choose(run, byProfile, request, event, queued, log);
            byte[] bytes = request.picture() && !chosen.isEmpty() ? factory.picture() : null;
            String picture = bytes == null
                    ? null
                    : OutboxAdapter.get().outbox().pictures().put(bytes);
            List<Contact> people = Contact.find(ChannelsAdapter.people(), factory.mentioned(request.mention()));
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

    /** The channels of the request that have not had this message. */
    private static List<Channel> choose(
            Run<?, ?> run,
            boolean byProfile,
            NotifyRequest request,
            Event event,
            Queued queued,
            @CheckForNull TaskListener log) {
        Map<String, Channel> channels = ChannelsAdapter.of(run.getParent());
        if (channels.isEmpty() && request.channels().isEmpty()) {
            queued.problems().add(Messages.NotifyAdapter_noChannels());
        }
        List<Channel> chosen = new ArrayList<>();
        for (String name : request.channels().isEmpty() ? List.copyOf(channels.keySet()) : request.channels()) {
            Channel channel = channels.get(name);
            if (channel == null) {
                queued.problems().add(Messages.NotifyAdapter_noChannel(name, String.join(", ", channels.keySet())));
            } else if (NotifyCountAction.isFirst(run, byProfile, event, channel.id())) {
                chosen.add(channel);
            } else {
                say(log, Messages.NotifyAdapter_repeated(name, event.id()));
            }
        }
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

    /** Sends a sample message at once, for a button. */
    static SendResult test(@CheckForNull Item item, ChannelConfiguration configuration)
            throws IOException, InterruptedException {
        ItemGroup<?> group = item instanceof ItemGroup<?> folder ? folder : item == null ? null : item.getParent();
        Channel channel = configuration.channel("", ChannelsAdapter.secrets(group));
        String root = Jenkins.get().getRootUrl();
        Notice sample = Notice.sample(Event.SUCCESS, root == null ? "http://localhost/" : root);
        Message message = compose(channel, sample, List.of(), null, null).get(0);
        try {
            return channel.sender().send(message, configuration.isPictureTested() ? samplePicture() : new byte[0]);
        } catch (MissingSecretException e) {
            return SendResult.broken(e.getMessage());
        }
    }

    private static byte[] samplePicture() throws IOException {
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB), "jpg", jpeg);
        return jpeg.toByteArray();
    }
}
