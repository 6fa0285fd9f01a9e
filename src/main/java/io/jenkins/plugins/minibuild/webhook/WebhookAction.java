package io.jenkins.plugins.minibuild.webhook;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Action;
import hudson.model.Failure;
import hudson.model.Item;
import hudson.model.Job;
import hudson.security.AccessControlled;
import hudson.security.Permission;
import io.jenkins.plugins.minibuild.files.Json;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import jenkins.security.stapler.StaplerAccessibleType;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.interceptor.RequirePOST;

/** The page of the webhook of a job, of a profile, or of the shared address: address, settings, last deliveries. */
public final class WebhookAction implements Action {
    /** A delivery on the page. Its texts are from outside. */
    public record Row(DeliveryRecord record) {
        public long getNumber() {
            return record.number();
        }

        /** By the clock and zone of the controller. */
        public String getTime() {
            return WebhookAction.time(record.time());
        }

        public String getProvider() {
            return record.delivery().event().provider().title();
        }

        public String getEvent() {
            return record.delivery().event().name();
        }

        /** Branch, tag or merge request; may be empty. */
        public String getRef() {
            long number = record.delivery().mergeRequest().number();
            String ref = record.delivery().ref().shortName();
            return number > 0 ? "!" + number + " " + ref : ref;
        }

        /** Ten digits; may be empty. */
        public String getCommit() {
            return record.delivery().change().shortCommit();
        }

        public String getAuthor() {
            return record.delivery().change().author();
        }

        public String getSubject() {
            return record.delivery().subject();
        }

        public String getReason() {
            return record.decision().text();
        }

        public String getAddress() {
            return record.address();
        }

        /** The path of the build's page below Jenkins' root; empty for none. */
        public String getBuild() {
            return record.build();
        }

        public boolean isRepeatable() {
            EventKind kind = record.delivery().kind();
            return kind != EventKind.PING && kind != EventKind.UNREADABLE;
        }

        /** The body without secrets, in lines; empty when it was not kept. */
        public String getPayload() throws IOException {
            String payload = record.body().payload();
            return payload.isEmpty() ? "" : Json.MAPPER.readTree(payload).toPrettyString();
        }

        public int getPayloadBytes() {
            return record.body().bytes();
        }
    }

    /** One delivery's page. */
    @StaplerAccessibleType
    public static final class Page {
        private final WebhookAction parent;
        private final Row row;

        Page(WebhookAction parent, Row row) {
            this.parent = parent;
            this.row = row;
        }

        public WebhookAction getParent() {
            return parent;
        }

        public Row getRow() {
            return row;
        }

        public String getDisplayName() {
            return Messages.WebhookAction_delivery(String.valueOf(row.getNumber()));
        }
    }

    private final String owner;
    private final String title;
    private final Job<?, ?> job;

    /** The page of a job. */
    WebhookAction(Job<?, ?> job) {
        this.owner = WebhookTargetsAdapter.JOB + job.getFullName();
        this.title = job.getFullName();
        this.job = job;
    }

    /** The page of a profile, or of the shared address. */
    WebhookAction(String owner, String title) {
        this.owner = owner;
        this.title = title;
        this.job = null;
    }

    /** The job; null for a profile and the shared address. */
    @CheckForNull
    public Job<?, ?> getJob() {
        return job;
    }

    /** The permission that everything here needs. */
    public Permission getPermission() {
        return job == null ? Jenkins.ADMINISTER : Item.CONFIGURE;
    }

    private void check() {
        AccessControlled guard = job == null ? Jenkins.get() : job;
        guard.checkPermission(getPermission());
    }

    /** @throws Failure a page that says why the files of the webhooks cannot be opened */
    private static WebhookIntakeAdapter.Opened opened() {
        try {
            return WebhookIntakeAdapter.get().opened();
        } catch (IOException e) {
            throw new Failure(e.getMessage());
        }
    }

    @Override
    @CheckForNull
    public String getIconFileName() {
        return job != null && job.hasPermission(Item.CONFIGURE) ? "symbol-link" : null;
    }

    @Override
    public String getDisplayName() {
        return Messages.WebhookAction_displayName();
    }

    @Override
    public String getUrlName() {
        return "mini-build-webhook";
    }

    /** The name of the job or profile. */
    public String getTitle() {
        return title;
    }

    /** Whether this job or profile can have an address of its own; false for the shared address. */
    public boolean isOwn() {
        return !owner.equals(Intake.SHARED);
    }

    /** Whether there is a token. */
    public boolean isReady() {
        check();
        return opened().endpoints().idOf(owner) != null;
    }

    /** The address without the token, or the whole shared one. */
    public String getAddress() {
        check();
        String id = isOwn() ? opened().endpoints().idOf(owner) : null;
        return address() + (id == null ? "" : id + "/");
    }

    private static String address() {
        String root = Jenkins.get().getRootUrl();
        return (root == null ? "/" : root) + WebhookEndpoint.URL + "/";
    }

    /** A sentence: how old the token is, and until when the replaced one stays good. */
    public String getTokenAge() {
        check();
        EndpointStore store = opened().endpoints();
        String id = store.idOf(owner);
        EndpointStore.Endpoint endpoint = id == null ? null : store.find(id).orElse(null);
        if (endpoint == null) {
            return "";
        }
        String created = time(endpoint.created());
        return endpoint.previous().isEmpty() || endpoint.until() < System.currentTimeMillis()
                ? Messages.WebhookAction_token(created)
                : Messages.WebhookAction_tokens(created, time(endpoint.until()));
    }

    private static String time(long millis) {
        return DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss")
                .format(Instant.ofEpochMilli(millis).atZone(ZoneId.systemDefault()));
    }

    /** Whether the job's trigger asks for a secret, too. */
    public boolean isSecret() {
        check();
        return isOwn() && target().map(each -> each.secret() != null).orElse(false);
    }

    /** What belongs into the service's field for a secret or password, as a part of a sentence. */
    public String getSecretHint() {
        return isOwn() && !isSecret() ? Messages.WebhookAction_leaveEmpty() : Messages.WebhookAction_theSecret();
    }

    private Optional<Target> target() {
        return isOwn() ? new WebhookTargetsAdapter().of(owner) : Optional.empty();
    }

    /** The last deliveries, newest first. */
    public List<Row> getDeliveries() {
        check();
        List<Row> rows = new ArrayList<>();
        opened().log().list(owner).forEach(each -> rows.add(new Row(each)));
        return rows;
    }

    /** The page of a delivery, {@code delivery/NUMBER}; null when it is not kept any more. */
    @CheckForNull
    public Page getDelivery(String number) {
        check();
        if (!number.matches("[0-9]{1,18}")) {
            return null;
        }
        return opened().log()
                .load(owner, Long.parseLong(number))
                .map(each -> new Page(this, new Row(each)))
                .orElse(null);
    }

    /** Makes a token and shows it once. */
    @RequirePOST
    public void doToken(StaplerRequest2 request, StaplerResponse2 response) throws IOException, ServletException {
        check();
        if (!isOwn()) {
            throw new Failure(Messages.WebhookAction_shared());
        }
        EndpointStore.Fresh fresh =
                opened().endpoints().renew(owner, WebhookConfiguration.get().overlap());
        response.setHeader("Cache-Control", "no-store");
        request.setAttribute("address", address() + fresh.id() + "/" + fresh.token());
        request.getView(this, "token.jelly").forward(request, response);
    }

    /** Whether a replaced token is still good. */
    public boolean isReplaced() {
        check();
        String id = opened().endpoints().idOf(owner);
        return id != null
                && opened().endpoints()
                        .find(id)
                        .filter(each -> !each.previous().isEmpty() && each.until() > System.currentTimeMillis())
                        .isPresent();
    }

    /** Ends the replaced token now. */
    @RequirePOST
    public HttpResponse doRevoke() throws IOException {
        check();
        opened().endpoints().revokeReplaced(owner);
        return HttpResponses.redirectTo(".");
    }

    /** Removes the address. */
    @RequirePOST
    public HttpResponse doRemove() throws IOException {
        check();
        opened().endpoints().remove(owner);
        return HttpResponses.redirectTo(".");
    }

    /** Decides a delivery again by the filters of now. */
    @RequirePOST
    public HttpResponse doRedeliver(@QueryParameter String number) {
        check();
        Page page = getDelivery(number);
        if (page == null || !page.getRow().isRepeatable()) {
            throw new Failure(Messages.WebhookAction_gone());
        }
        Target target = target().orElseThrow(() -> new Failure(Messages.WebhookAction_shared()));
        WebhookIntakeAdapter.again(opened(), target, page.getRow().record().delivery());
        return HttpResponses.redirectTo(".");
    }
}
