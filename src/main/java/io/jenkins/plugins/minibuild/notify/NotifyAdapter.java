package io.jenkins.plugins.minibuild.notify;

import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.InitMilestone;
import hudson.model.Computer;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Job;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.minibuild.http.Http;
import io.jenkins.plugins.minibuild.http.HttpAdapter;
import io.jenkins.plugins.minibuild.step.Fact;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.imageio.ImageIO;
import jenkins.model.Jenkins;
import jenkins.util.Timer;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/** The outbox of this controller, and what connects it to builds, channels and credentials. */
@Extension
public final class NotifyAdapter implements Dispatcher.Settings {
    private static final Logger LOGGER = Logger.getLogger(NotifyAdapter.class.getName());
    private static final int MOST_MESSAGES = 20_000;
    private static final long POLL_MILLIS = 200;
    private static final Duration DEADLINE = Duration.ofSeconds(15);

    private Dispatcher dispatcher;
    private Outbox outbox;
    private Deliveries deliveries;

    /** Made when it is first asked for, which {@link NotifyStartListener} does; what waits is sent once all is loaded. */
    public NotifyAdapter() {
        startLater();
    }

    static NotifyAdapter get() {
        return ExtensionList.lookupSingleton(NotifyAdapter.class);
    }

    private void startLater() {
        Timer.get().schedule(this::startWhenLoaded, POLL_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void startWhenLoaded() {
        Jenkins jenkins = Jenkins.getInstanceOrNull();
        if (jenkins == null || jenkins.isTerminating()) {
            return;
        }
        if (jenkins.getInitLevel() != InitMilestone.COMPLETED) {
            startLater();
            return;
        }
        Computer.threadPoolForRemoting.execute(() -> {
            try {
                dispatcher().start();
                outbox().clean();
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, "The waiting messages in JENKINS_HOME/mini-build/outbox cannot be read", e);
            }
        });
    }

    private synchronized Dispatcher dispatcher() {
        if (dispatcher == null) {
            dispatcher = new Dispatcher(
                    outbox(),
                    deliveries(),
                    Clock.systemUTC(),
                    new SecureRandom(),
                    this,
                    Computer.threadPoolForRemoting,
                    Timer.get(),
                    NotifyFailureAction::ended);
        }
        return dispatcher;
    }

    synchronized Outbox outbox() {
        if (outbox == null) {
            outbox = new Outbox(folder().resolve("outbox"), MOST_MESSAGES, Clock.systemUTC());
        }
        return outbox;
    }

    synchronized Deliveries deliveries() {
        if (deliveries == null) {
            deliveries = new Deliveries(folder().resolve("deliveries"));
        }
        return deliveries;
    }

    private static Path folder() {
        return Jenkins.get().getRootDir().toPath().resolve("mini-build");
    }

    /** Channels may have been mended: those that are held up are tried at once. */
    void mended() {
        dispatcher().mended();
    }

    /** The queues of channels that have had a message since the start. */
    Collection<ChannelQueue> queues() {
        return dispatcher().queues();
    }

    @Override
    @CheckForNull
    public Channel find(Channel.Id id) {
        Jenkins jenkins = Jenkins.getInstanceOrNull();
        if (jenkins == null || jenkins.isTerminating()) {
            dispatcher().stop();
            return null;
        }
        try (ACLContext all = ACL.as2(ACL.SYSTEM2)) {
            ItemGroup<?> group = null;
            List<ChannelConfiguration> there = NotifyConfiguration.get().getChannels();
            if (!id.scope().isEmpty()) {
                if (!(jenkins.getItemByFullName(id.scope()) instanceof ItemGroup<?> folder)) {
                    return null;
                }
                group = folder;
                there = channelsOf(folder);
            }
            Secrets secrets = new Credentials(group);
            return there.stream()
                    .filter(each -> each.getName().equals(id.name()))
                    .findFirst()
                    .map(each -> each.channel(id.scope(), secrets))
                    .orElse(null);
        }
    }

    @Override
    public int digestAbove() {
        return NotifyConfiguration.get().getDigestAbove();
    }

    private static List<ChannelConfiguration> channelsOf(ItemGroup<?> group) {
        List<ChannelConfiguration> all = new ArrayList<>();
        ExtensionList.lookup(FolderChannelsFactory.class).forEach(each -> all.addAll(each.of(group)));
        return all;
    }

    /** All channels that are configured, globally and in folders; the viewer has to be an administrator. */
    Map<Channel.Id, ChannelConfiguration> configured() {
        Map<Channel.Id, ChannelConfiguration> all = new LinkedHashMap<>();
        for (ChannelConfiguration each : NotifyConfiguration.get().getChannels()) {
            all.put(new Channel.Id("", each.getName()), each);
        }
        for (FolderChannelsFactory factory : ExtensionList.lookup(FolderChannelsFactory.class)) {
            for (String scope : factory.folders()) {
                if (Jenkins.get().getItemByFullName(scope) instanceof ItemGroup<?> folder) {
                    factory.of(folder).forEach(each -> all.put(new Channel.Id(scope, each.getName()), each));
                }
            }
        }
        return all;
    }

    /** The channels that a job may use, by name; those of the nearest folder come first. */
    private static Map<String, Channel> channelsFor(Job<?, ?> job) {
        Map<String, Channel> all = new LinkedHashMap<>();
        ItemGroup<?> group = job.getParent();
        while (group instanceof Item folder) {
            Secrets secrets = new Credentials(group);
            for (ChannelConfiguration each : channelsOf(group)) {
                all.putIfAbsent(each.getName(), each.channel(folder.getFullName(), secrets));
            }
            group = folder.getParent();
        }
        Secrets secrets = new Credentials(null);
        for (ChannelConfiguration each : NotifyConfiguration.get().getChannels()) {
            all.putIfAbsent(each.getName(), each.channel("", secrets));
        }
        return all;
    }

    private static List<Person> people() {
        return NotifyConfiguration.get().getPeople().stream()
                .map(PersonConfiguration::toPerson)
                .toList();
    }

    /** What came of telling people: the messages on their way, and what kept others from it. */
    record Told(Map<String, CompletableFuture<Answer>> messages, List<String> problems) {}

    /**
     * Puts messages into the outbox; sends nothing itself, and never fails.
     *
     * @param byProfile whether the profile asks for it, or else the job itself
     * @param environment empty for that of the build
     * @param log gets a line for whatever happens, so that nothing is silent; null where there is no log any more
     */
    Told tell(
            Run<?, ?> run,
            boolean byProfile,
            NotifyRequest request,
            Event event,
            Map<String, String> environment,
            Map<Fact, String> facts,
            @CheckForNull TaskListener log) {
        Told told = new Told(new LinkedHashMap<>(), new ArrayList<>());
        try (ACLContext all = ACL.as2(ACL.SYSTEM2)) {
            NoticeFactory factory = new NoticeFactory(run);
            Notice notice = factory.notice(event, environment.isEmpty() ? environment(run) : environment, facts);
            String why = request.whyNot(event, notice.value("branch"), factory.requester());
            if (why != null) {
                say(log, why);
                return told;
            }
            Map<String, Channel> channels = channelsFor(run.getParent());
            List<Channel> chosen = new ArrayList<>();
            for (String name : request.channels().isEmpty() ? List.copyOf(channels.keySet()) : request.channels()) {
                Channel channel = channels.get(name);
                if (channel == null) {
                    told.problems().add(Messages.NotifyAdapter_noChannel(name, String.join(", ", channels.keySet())));
                } else if (NotifyToldAction.isNews(run, byProfile, event, channel.id())) {
                    chosen.add(channel);
                } else {
                    say(log, Messages.NotifyAdapter_told(name, event.id()));
                }
            }
            if (channels.isEmpty() && request.channels().isEmpty()) {
                told.problems().add(Messages.NotifyAdapter_noChannels());
            }
            String picture = null;
            byte[] bytes = request.picture() && !chosen.isEmpty() ? factory.picture() : null;
            if (bytes != null) {
                picture = outbox().putPicture(bytes);
            }
            List<Person> people = Person.find(people(), factory.mentioned(request.mention()));
            for (Channel channel : chosen) {
                send(told, channel, notice, people, request.message(), picture);
            }
            if (!told.messages().isEmpty()) {
                run.save();
                say(
                        log,
                        Messages.NotifyAdapter_queued(
                                event.id(), String.join(", ", told.messages().keySet())));
            }
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.WARNING, "Nobody was told of " + run, e);
            told.problems().add(String.valueOf(e.getMessage()));
        }
        told.problems().forEach(each -> say(log, each));
        return told;
    }

    private static Map<String, String> environment(Run<?, ?> run) throws IOException {
        try {
            return run.getEnvironment(TaskListener.NULL);
        } catch (InterruptedException e) {
            // Somebody ends the build; the message goes with what else is known.
            Thread.currentThread().interrupt();
            return Map.of();
        }
    }

    private void send(
            Told told,
            Channel channel,
            Notice notice,
            List<Person> people,
            @CheckForNull Template own,
            @CheckForNull String picture)
            throws IOException {
        String root = Jenkins.get().getRootUrl();
        String url = picture == null || root == null ? "" : root + NotifyPictureAction.addressOf(picture);
        List<Message> messages = new Composer(outbox()::newId)
                .compose(notice, channel, people, own, picture, url, System.currentTimeMillis());
        for (Message each : messages) {
            CompletableFuture<Answer> answer = dispatcher().accept(each);
            told.messages()
                    .merge(
                            channel.id().toString(),
                            answer,
                            (text, image) -> text.thenCombine(image, (one, other) -> one.isSent() ? other : one));
        }
    }

    private static void say(@CheckForNull TaskListener log, String line) {
        if (log != null) {
            log.getLogger().println("[miniBuildNotify] " + line);
        }
    }

    private static byte[] samplePicture() throws IOException {
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB), "jpg", jpeg);
        return jpeg.toByteArray();
    }

    /** Sends a message at once, for a button. */
    Answer test(@CheckForNull Item item, ChannelConfiguration configuration) throws IOException, InterruptedException {
        ItemGroup<?> group = item instanceof ItemGroup<?> folder ? folder : item == null ? null : item.getParent();
        Channel channel = configuration.channel("", new Credentials(group));
        String root = Jenkins.get().getRootUrl();
        Notice sample = Notice.sample(Event.SUCCESS, root == null ? "http://localhost/" : root);
        Message message = new Composer(outbox()::newId)
                .compose(sample, channel, List.of(), null, null, "", System.currentTimeMillis())
                .get(0);
        try {
            return channel.sender().send(message, configuration.isPictureTested() ? samplePicture() : new byte[0]);
        } catch (MissingSecretException e) {
            return Answer.broken(e.getMessage());
        }
    }

    /** What senders get: looked up anew each time, so that a changed credential works at once. */
    private static final class Credentials implements Secrets {
        private final ItemGroup<?> group;

        /** @param group null for Jenkins itself */
        Credentials(@CheckForNull ItemGroup<?> group) {
            this.group = group;
        }

        @Override
        public String require(@CheckForNull String credentialsId) throws MissingSecretException {
            if (credentialsId == null || credentialsId.isBlank()) {
                throw new MissingSecretException(Messages.NotifyAdapter_noCredential());
            }
            StringCredentials found = CredentialsMatchers.firstOrNull(
                    CredentialsProvider.lookupCredentialsInItemGroup(
                            StringCredentials.class, group, ACL.SYSTEM2, List.of()),
                    CredentialsMatchers.withId(credentialsId));
            if (found == null) {
                throw new MissingSecretException(Messages.NotifyAdapter_missingCredential(credentialsId));
            }
            return found.getSecret().getPlainText();
        }

        @Override
        public Http http() {
            return HttpAdapter.http(DEADLINE, 1 << 20);
        }

        @Override
        public Clock clock() {
            return Clock.systemUTC();
        }
    }
}
