package io.jenkins.plugins.minibuild.notify;

import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ExtensionList;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Job;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.minibuild.files.Glob;
import io.jenkins.plugins.minibuild.http.Http;
import io.jenkins.plugins.minibuild.http.HttpAdapter;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/** Finds channels in the configuration of Jenkins and of its folders, and gives them their credentials. */
final class ChannelsAdapter implements ChannelQueues.Configuration {
    private static final Duration DEADLINE = Duration.ofSeconds(15);
    /** The scopes of the channels of profiles. No folder has a colon in its name. */
    private static final String OF_PROFILE = "profile:";

    private static final String OF_JOB = "job:";

    @Override
    @CheckForNull
    public Channel find(Channel.Id id) {
        try (ACLContext all = ACL.as2(ACL.SYSTEM2)) {
            ItemGroup<?> group = null;
            List<ChannelConfiguration> there = NotifyConfiguration.get().getChannels();
            Place profile = place(id.scope());
            if (profile != null) {
                return named(profile.channels(), id, profile.secrets());
            }
            if (!id.scope().isEmpty()) {
                if (!(Jenkins.get().getItemByFullName(id.scope()) instanceof ItemGroup<?> folder)) {
                    return null;
                }
                group = folder;
                there = channelsOf(folder);
            }
            return named(there, id, secrets(group));
        }
    }

    @CheckForNull
    private static Channel named(List<ChannelConfiguration> all, Channel.Id id, Secrets secrets) {
        return all.stream()
                .filter(each -> each.getName().equals(id.name()))
                .findFirst()
                .map(each -> each.channel(id.scope(), secrets))
                .orElse(null);
    }

    /** The channels of a profile; null if the scope is none of a profile. The caller may see everything. */
    @CheckForNull
    private static Place place(String scope) {
        for (ProfileChannelsFactory each : ExtensionList.lookup(ProfileChannelsFactory.class)) {
            if (scope.startsWith(OF_PROFILE)) {
                List<ChannelConfiguration> all =
                        each.global().getOrDefault(scope.substring(OF_PROFILE.length()), List.of());
                return new Place(scope, all, secrets(null));
            }
            if (scope.startsWith(OF_JOB)
                    && Jenkins.get().getItemByFullName(scope.substring(OF_JOB.length())) instanceof Job<?, ?> job) {
                return new Place(scope, each.own(job), secrets(job.getParent()));
            }
        }
        return null;
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

    /** All channels that are configured, globally and in folders. The caller has checked that the viewer is an administrator. */
    static Map<Channel.Id, ChannelConfiguration> all() {
        Map<Channel.Id, ChannelConfiguration> all = new LinkedHashMap<>();
        NotifyConfiguration.get().getChannels().forEach(each -> all.put(new Channel.Id("", each.getName()), each));
        for (FolderChannelsFactory factory : ExtensionList.lookup(FolderChannelsFactory.class)) {
            for (String scope : factory.folders()) {
                if (Jenkins.get().getItemByFullName(scope) instanceof ItemGroup<?> folder) {
                    factory.of(folder).forEach(each -> all.put(new Channel.Id(scope, each.getName()), each));
                }
            }
        }
        for (ProfileChannelsFactory factory : ExtensionList.lookup(ProfileChannelsFactory.class)) {
            factory.global()
                    .forEach((profile, channels) -> channels.forEach(
                            each -> all.put(new Channel.Id(OF_PROFILE + profile, each.getName()), each)));
        }
        return all;
    }

    /** The names of the channels that may be meant in an item's configuration; those of Jenkins and of all folders for none. */
    static Set<String> names(@CheckForNull Item item) {
        if (item instanceof Job<?, ?> job) {
            return of(job).keySet();
        }
        Set<String> names = new TreeSet<>();
        NotifyConfiguration.get().getChannels().forEach(each -> names.add(each.getName()));
        if (item instanceof ItemGroup<?> folder) {
            for (Place each : places(folder)) {
                each.channels().forEach(one -> names.add(one.getName()));
            }
        } else {
            all().keySet().stream()
                    .filter(each -> !each.scope().startsWith(OF_PROFILE))
                    .forEach(each -> names.add(each.name()));
        }
        return names;
    }

    /** The channels that a job may use, by name. A channel of a nearer folder hides one of the same name. */
    static Map<String, Channel> of(Job<?, ?> job) {
        return usable(job.getFullName(), places(job.getParent()));
    }

    private static List<Place> places(ItemGroup<?> nearest) {
        List<Place> places = new ArrayList<>();
        ItemGroup<?> group = nearest;
        while (group instanceof Item folder) {
            places.add(new Place(folder.getFullName(), channelsOf(group), secrets(group)));
            group = folder.getParent();
        }
        places.add(new Place("", NotifyConfiguration.get().getChannels(), secrets(null)));
        return places;
    }

    /**
     * The channels that a profile of a mini program has for itself, by name.
     *
     * @param program the profile's name; empty for none
     */
    static Map<String, Channel> ofProfile(Job<?, ?> job, String program) {
        Map<String, Channel> all = new LinkedHashMap<>();
        if (!program.isEmpty()) {
            for (ProfileChannelsFactory each : ExtensionList.lookup(ProfileChannelsFactory.class)) {
                Place place =
                        place(program.equals(each.ownProfile(job)) ? OF_JOB + job.getFullName() : OF_PROFILE + program);
                if (place != null) {
                    all.putAll(usable(job.getFullName(), List.of(place)));
                }
            }
        }
        return all;
    }

    /**
     * The channels of a folder, or the global ones.
     *
     * @param scope the full name of the folder; empty for the global ones
     */
    record Place(String scope, List<ChannelConfiguration> channels, Secrets secrets) {}

    /** Those that a job may use, by its full name; the nearest place comes first. */
    static Map<String, Channel> usable(String job, List<Place> places) {
        Map<String, Channel> all = new LinkedHashMap<>();
        for (Place place : places) {
            for (ChannelConfiguration each : place.channels()) {
                if (Glob.names(each.getAllowedJobs()).allows(job)) {
                    all.putIfAbsent(each.getName(), each.channel(place.scope(), place.secrets()));
                }
            }
        }
        return all;
    }

    /** The scope of the channels that are configured at an item; null for the configuration of Jenkins. */
    static String scope(@CheckForNull Item item) {
        if (item == null) {
            return "";
        }
        return item instanceof Job<?, ?> ? OF_JOB + item.getFullName() : item.getFullName();
    }

    /** The people of the user map. */
    static List<Contact> people() {
        return NotifyConfiguration.get().getPeople().stream()
                .map(ContactConfiguration::toContact)
                .toList();
    }

    /** The credentials of a folder, looked up anew for each attempt so that a changed one works at once; null for those of Jenkins itself. */
    static Secrets secrets(@CheckForNull ItemGroup<?> group) {
        return new Secrets() {
            @Override
            public String require(@CheckForNull String credentialsId) throws MissingSecretException {
                if (credentialsId == null || credentialsId.isBlank()) {
                    throw new MissingSecretException(Messages.ChannelsAdapter_noCredential());
                }
                StringCredentials found = CredentialsMatchers.firstOrNull(
                        CredentialsProvider.lookupCredentialsInItemGroup(
                                StringCredentials.class, group, ACL.SYSTEM2, List.of()),
                        CredentialsMatchers.withId(credentialsId));
                if (found == null) {
                    throw new MissingSecretException(Messages.ChannelsAdapter_missingCredential(credentialsId));
                }
                return found.getSecret().getPlainText();
            }

            @Override
            public Http http() {
                return group == null ? open() : open().toPublicAddresses();
            }

            private Http open() {
                return HttpAdapter.http(DEADLINE, 1 << 20);
            }

            @Override
            public Destinations destinations() {
                return new Destinations(NotifyConfiguration.get().destinations(), group == null, open());
            }

            @Override
            public Clock clock() {
                return Clock.systemUTC();
            }
        };
    }
}
