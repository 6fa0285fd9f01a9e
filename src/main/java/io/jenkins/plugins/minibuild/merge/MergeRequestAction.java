package io.jenkins.plugins.minibuild.merge;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import hudson.Util;
import hudson.model.Computer;
import hudson.model.Item;
import hudson.model.Run;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.access.PermissionsAdapter;
import io.jenkins.plugins.minibuild.checkout.ForgeAccess;
import io.jenkins.plugins.minibuild.checkout.RepositoryUrl;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.forge.ForgeSession;
import io.jenkins.plugins.minibuild.forge.MergeRequest;
import io.jenkins.plugins.minibuild.forge.MergeRequestProblem;
import io.jenkins.plugins.minibuild.forge.MergeRequests;
import io.jenkins.plugins.minibuild.forge.ServiceText;
import io.jenkins.plugins.minibuild.step.BuildNews;
import io.jenkins.plugins.minibuild.step.Fact;
import io.jenkins.plugins.minibuild.step.ResponseAdapter;
import io.jenkins.plugins.minibuild.step.RunPageAction;
import io.jenkins.plugins.minibuild.step.ServicesAdapter;
import java.io.IOException;
import java.io.Serializable;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;
import org.kohsuke.stapler.verb.GET;

/**
 * The merge requests of a build: on its page, in its API and in messages. A look at the page of an open one by somebody who may build or review refreshes its state
 * from the service, in the background and at most once a minute; {@link MergeRequestWork} does so, too. One that moves on after people have approved it is
 * marked. Safe for several threads.
 */
@ExportedBean(defaultVisibility = 2)
public final class MergeRequestAction extends RunPageAction implements BuildNews {
    static final String URL = "mini-build-merge-request";

    private static final Logger LOGGER = Logger.getLogger(MergeRequestAction.class.getName());
    private static final long FRESH_MILLIS = TimeUnit.MINUTES.toMillis(1);
    /** However many builds and pages there are. */
    private static final Looks LOOKS = new Looks(30);

    /** Lets something happen so many times a minute. */
    static final class Looks {
        private final int most;
        private long minute;
        private int taken;

        Looks(int most) {
            this.most = most;
        }

        /** @param now milliseconds since 1970 */
        synchronized boolean take(long now) {
            long current = TimeUnit.MILLISECONDS.toMinutes(now);
            if (current != minute) {
                minute = current;
                taken = 0;
            }
            return taken++ < most;
        }
    }

    private final ArrayList<Entry> entries = new ArrayList<>();

    /** When the service was asked last, milliseconds since 1970; 0 for never. */
    private transient long asked;

    private transient boolean asking;

    /** A merge request. */
    @ExportedBean(defaultVisibility = 2)
    public static final class Entry implements Serializable {
        private static final long serialVersionUID = 1L;

        private final String service;
        private final String repository;
        private final String credentialsId;
        private final String url;
        private final long number;
        private final String source;
        private final String target;
        /** The commit that people have approved; empty if nobody had to. */
        private final String approved;

        private String title;
        private String state;
        /** The commit and the target, if they are not the approved ones, of which the merge request says so; empty for none. */
        private String marked = "";

        private Entry(MergeResult result, String credentialsId) {
            this.service = result.service();
            this.repository = result.repository();
            this.credentialsId = credentialsId;
            MergeRequest request = result.request();
            this.url = request.url();
            this.number = request.number();
            this.source = request.source();
            this.target = request.target();
            this.approved = Util.fixNull(result.approved());
            this.title = request.title();
            this.state = request.state().word();
        }

        @Exported
        public String getUrl() {
            return url;
        }

        @Exported
        public long getNumber() {
            return number;
        }

        @Exported
        public String getService() {
            return service;
        }

        @Exported
        public String getTitle() {
            return title;
        }

        @Exported
        public String getSource() {
            return source;
        }

        @Exported
        public String getTarget() {
            return target;
        }

        /** {@code open}, {@code merged} or {@code closed}, as the service said last. */
        @Exported
        public String getState() {
            return state;
        }

        private boolean isOpen() {
            return MergeRequest.State.OPEN.word().equals(state);
        }
    }

    /** Shows another one, or the same one anew. */
    static void add(Run<?, ?> run, MergeResult result, String credentialsId) throws IOException {
        synchronized (run) {
            MergeRequestAction action = run.getAction(MergeRequestAction.class);
            if (action == null) {
                action = new MergeRequestAction();
                run.addAction(action);
            }
            action.put(result, credentialsId);
        }
        run.save();
        if (result.approved() != null) {
            MergeRequestWork.watch(run, result.request().url());
        }
    }

    synchronized void put(MergeResult result, String credentialsId) {
        entries.removeIf(entry -> entry.url.equals(result.request().url()));
        entries.add(new Entry(result, credentialsId));
    }

    /** XStream reads the list while it stores the build. */
    private synchronized Object writeReplace() {
        MergeRequestAction copy = new MergeRequestAction();
        copy.entries.addAll(entries);
        return copy;
    }

    @Override
    public String getDisplayName() {
        return null;
    }

    @Override
    public String getUrlName() {
        return URL;
    }

    /** In the order in which they were opened. */
    @Exported(name = "mergeRequests")
    public synchronized List<Entry> getEntries() {
        return List.copyOf(entries);
    }

    @Override
    public Map<Fact, String> newsFacts() {
        return Map.of(
                Fact.DETAILS,
                getEntries().stream()
                        .map(entry -> Messages.MergeRequestAction_news(
                                entry.service, String.valueOf(entry.number), entry.url))
                        .collect(Collectors.joining("\n")));
    }

    /** Their known states; {@code fresh} is false while the service is being asked. */
    @GET
    public void doState(StaplerResponse2 response) throws IOException {
        getRun().checkPermission(Item.READ);
        // Others see what is known: a look of theirs makes the controller call nobody.
        boolean may = getRun().hasPermission(PermissionsAdapter.REVIEW) || getRun().hasPermission(Item.BUILD);
        boolean fresh = !may || !refreshWhenOld();
        ObjectNode answer = Json.MAPPER.createObjectNode().put("fresh", fresh);
        ArrayNode list = answer.putArray("mergeRequests");
        getEntries().forEach(entry -> list.addObject()
                .put("url", entry.url)
                .put("number", entry.number)
                .put("state", entry.getState()));
        ResponseAdapter.json(response, answer);
    }

    /** Whether the service is being asked now. */
    private boolean refreshWhenOld() {
        if (!begin(System.currentTimeMillis())) {
            return isAsking();
        }
        try {
            Computer.threadPoolForRemoting.execute(this::refresh);
            return true;
        } catch (RejectedExecutionException e) {
            end();
            return false;
        }
    }

    /**
     * Whether the service may be asked now; {@link #end} has to follow.
     *
     * @param now milliseconds since 1970
     */
    synchronized boolean begin(long now) {
        boolean old = asked == 0 || now - asked > FRESH_MILLIS;
        if (asking || !old || entries.stream().noneMatch(Entry::isOpen) || !LOOKS.take(now)) {
            return false;
        }
        asking = true;
        asked = now;
        return true;
    }

    private synchronized boolean isAsking() {
        return asking;
    }

    synchronized void end() {
        asking = false;
    }

    private void refresh() {
        boolean changed = false;
        try {
            for (Entry entry : getEntries()) {
                if (entry.isOpen()) {
                    changed |= refresh(entry);
                }
            }
            if (changed) {
                getRun().save();
            }
        } catch (IOException | IllegalArgumentException e) {
            LOGGER.log(Level.FINE, "How the merge requests of " + getRun() + " stand was not found out", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end();
        }
    }

    private boolean refresh(Entry entry) throws IOException, InterruptedException {
        RepositoryUrl address = RepositoryUrl.parse(entry.repository);
        Secret token = ForgeAccess.token(CredentialsProvider.findCredentialById(
                entry.credentialsId,
                StandardCredentials.class,
                getRun(),
                URIRequirementBuilder.fromUri(address.text()).build()));
        if (token == null) {
            LOGGER.log(Level.FINE, "The credential {0} is gone", entry.credentialsId);
            return false;
        }
        MergeRequests requests = ForgeAccess.forge(ServicesAdapter.of(getRun()), address)
                .mergeRequests(
                        address.owner(),
                        address.name(),
                        new ForgeSession(
                                token, Clock.systemUTC(), delay -> Thread.sleep(delay.toMillis()), new SecureRandom()));
        MergeRequest now = requests.get(entry.number);
        String marked = MergeRequestWork.isWatched(getRun(), entry.url)
                ? mark(requests, now, entry.approved, entry.target, entry.marked)
                : entry.marked;
        synchronized (this) {
            boolean changed = !now.state().word().equals(entry.state)
                    || !now.title().equals(entry.title)
                    || !marked.equals(entry.marked);
            entry.marked = marked;
            entry.state = now.state().word();
            entry.title = now.title();
            return changed;
        }
    }

    /**
     * Says in a merge request that it holds other commits than people have approved, or that it goes elsewhere, once for each commit.
     *
     * @param approved empty if nobody had to
     * @param marked what is said there already
     * @return what is said there now
     */
    static String mark(MergeRequests requests, MergeRequest now, String approved, String target, String marked)
            throws IOException, InterruptedException {
        if (approved.isEmpty()
                || now.state() != MergeRequest.State.OPEN
                || now.commit() == null
                || now.commit().equals(approved) && now.target().equals(target)) {
            return marked;
        }
        String found = now.commit() + " " + now.target();
        if (!found.equals(marked)) {
            requests.comment(
                    now.number(),
                    Messages.MergeRequestAction_moved(
                            approved, ServiceText.markdown(target), now.commit(), ServiceText.markdown(now.target())));
            try {
                requests.makeDraft(now);
            } catch (MergeRequestProblem e) {
                // The token may comment, and not change it: the comment has to do.
                LOGGER.log(Level.FINE, e, () -> now.url() + " was not made a draft");
            }
        }
        return found;
    }

    /** Asks the service about the open ones, now; for periodic work. Returns whether the one with an address is open still. */
    boolean look(String url) {
        synchronized (this) {
            if (asking) {
                return true;
            }
            asking = true;
            asked = System.currentTimeMillis();
        }
        refresh();
        return getEntries().stream().anyMatch(each -> each.isOpen() && each.url.equals(url));
    }
}
