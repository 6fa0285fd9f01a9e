package io.jenkins.plugins.minibuild.webhook;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Action;
import hudson.model.Failure;
import hudson.model.Item;
import hudson.model.Job;
import hudson.security.AccessControlled;
import hudson.security.Permission;
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

/** The page of the webhooks of a job, of a profile, or of what came to the shared address: address, settings, last deliveries. */
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
            return record.provider().title();
        }

        public String getEvent() {
            return record.event();
        }

        /** Branch, tag or merge request; may be empty. */
        public String getPlace() {
            Delivery delivery = record.delivery();
            if (delivery == null) {
                return "";
            }
            if (delivery.number() > 0) {
                return "!" + delivery.number() + " " + delivery.branch();
            }
            return delivery.tag().isEmpty() ? delivery.branch() : delivery.tag();
        }

        /** Ten digits; may be empty. */
        public String getCommit() {
            Delivery delivery = record.delivery();
            return delivery == null || delivery.commit().isEmpty()
                    ? ""
                    : delivery.commit().substring(0, 10);
        }

        public String getAuthor() {
            return record.delivery() == null ? "" : record.delivery().author();
        }

        public String getSubject() {
            return record.delivery() == null ? "" : record.delivery().subject();
        }

        public String getReason() {
            return record.reason().text(record.detail());
        }

        public String getAddress() {
            return record.address();
        }

        /** The path of the build's page below Jenkins' root; empty for none. */
        public String getBuild() {
            return record.build();
        }

        /** Whether it started something, for its colour. */
        public boolean isStarted() {
            return record.reason() == Reason.QUEUED;
        }

        public boolean isRepeatable() {
            return record.delivery() != null && record.delivery().kind() != EventKind.PING;
        }

        /** The body without secrets, in lines; empty when it was not kept. */
        public String getPayload() throws IOException {
            return record.payload().isEmpty()
                    ? ""
                    : JsonBody.MAPPER.readTree(record.payload()).toPrettyString();
        }

        public int getPayloadBytes() {
            return record.payloadBytes();
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

    /** Of a job. */
    WebhookAction(Job<?, ?> job) {
        this.owner = WebhookIntakeAdapter.JOB + job.getFullName();
        this.title = job.getFullName();
        this.job = job;
    }

    /** Of something that belongs to the controller. */
    WebhookAction(String owner, String title) {
        this.owner = owner;
        this.title = title;
        this.job = null;
    }

    /** Null for what belongs to the controller. */
    @CheckForNull
    public Job<?, ?> getJob() {
        return job;
    }

    /** What the viewer needs for everything here. */
    public Permission getPermission() {
        return job == null ? Jenkins.ADMINISTER : Item.CONFIGURE;
    }

    private AccessControlled guard() {
        return job == null ? Jenkins.get() : job;
    }

    private void check() {
        guard().checkPermission(getPermission());
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

    /** Job or profile. */
    public String getTitle() {
        return title;
    }

    /** Whether it has, or can have, an address of its own. */
    public boolean isOwn() {
        return !owner.equals(Intake.SHARED);
    }

    /** Whether it has a token. */
    public boolean isReady() {
        check();
        return WebhookIntakeAdapter.get().endpoints().idOf(owner) != null;
    }

    /** The address without the token, or the whole shared one. */
    public String getAddress() {
        check();
        String id = isOwn() ? WebhookIntakeAdapter.get().endpoints().idOf(owner) : null;
        return address() + (id == null ? "" : id + "/");
    }

    private static String address() {
        String root = Jenkins.get().getRootUrl();
        return (root == null ? "/" : root) + WebhookEndpoint.URL + "/";
    }

    /** Since when the token is good, and until when the one before; for people. */
    public String getTokenAge() {
        check();
        EndpointStore store = WebhookIntakeAdapter.get().endpoints();
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

    /** Whether the job's trigger asks for a secret besides. */
    public boolean isSecret() {
        check();
        return isOwn() && target().map(each -> each.secret() != null).orElse(false);
    }

    private Optional<Target> target() {
        return isOwn() ? WebhookIntakeAdapter.get().of(owner) : Optional.empty();
    }

    /** The last deliveries, newest first. */
    public List<Row> getDeliveries() {
        check();
        List<Row> rows = new ArrayList<>();
        WebhookIntakeAdapter.get().deliveries().list(owner).forEach(each -> rows.add(new Row(each)));
        return rows;
    }

    /** The page of one, {@code delivery/NUMBER}; null when it is not kept any more. */
    @CheckForNull
    public Page getDelivery(String number) {
        check();
        if (!number.matches("[0-9]{1,18}")) {
            return null;
        }
        return WebhookIntakeAdapter.get()
                .deliveries()
                .load(owner, Long.parseLong(number))
                .map(each -> new Page(this, new Row(each)))
                .orElse(null);
    }

    /** Makes a token, and shows it this once. */
    @RequirePOST
    public void doToken(StaplerRequest2 request, StaplerResponse2 response) throws IOException, ServletException {
        check();
        if (!isOwn()) {
            throw new Failure(Messages.WebhookAction_shared());
        }
        EndpointStore.Fresh fresh = WebhookIntakeAdapter.get()
                .endpoints()
                .renew(owner, WebhookConfiguration.get().overlap());
        response.setHeader("Cache-Control", "no-store");
        request.setAttribute("address", address() + fresh.id() + "/" + fresh.token());
        request.getView(this, "token.jelly").forward(request, response);
    }

    /** Takes the address away. */
    @RequirePOST
    public HttpResponse doRemove() throws IOException {
        check();
        WebhookIntakeAdapter.get().endpoints().remove(owner);
        return HttpResponses.redirectTo(".");
    }

    /** Decides a delivery anew. */
    @RequirePOST
    public HttpResponse doRedeliver(@QueryParameter String number) {
        check();
        Page page = getDelivery(number);
        Delivery delivery = page == null ? null : page.getRow().record().delivery();
        if (delivery == null) {
            throw new Failure(Messages.WebhookAction_gone());
        }
        Target target = target().orElseThrow(() -> new Failure(Messages.WebhookAction_shared()));
        WebhookIntakeAdapter.get().again(target, delivery);
        return HttpResponses.redirectTo(".");
    }
}
