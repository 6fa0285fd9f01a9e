package io.jenkins.plugins.minibuild.webhook;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Arrays;
import java.util.Locale;

/** The services whose webhooks the plugin understands. */
public enum Provider {
    GITEE("Gitee", "X-Gitee-Event", new GiteeReader()),
    GITHUB("GitHub", "X-GitHub-Event", new GitHubReader()),
    GITLAB("GitLab", "X-Gitlab-Event", new GitLabReader()),
    /** Azure sends no header of its own: a call without the header of another service is read as Azure's. */
    AZURE("Azure DevOps", null, new AzureReader());

    private final String title;
    private final String eventHeader;
    private final PayloadReader reader;

    Provider(String title, @CheckForNull String eventHeader, PayloadReader reader) {
        this.title = title;
        this.eventHeader = eventHeader;
        this.reader = reader;
    }

    /** As people know it. */
    public String title() {
        return title;
    }

    /** As configurations write it, in lower case. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    PayloadReader reader() {
        return reader;
    }

    /** The event by the call's headers alone; its kind is {@link EventKind#OTHER} until the body is read. */
    Delivery.Event event(Call call) {
        return new Delivery.Event(
                this, EventKind.OTHER, eventHeader == null ? "" : call.header(eventHeader), Verifier.key(this, call));
    }

    /** Why a call that has neither the header of a service nor what Azure DevOps sends is refused: whoever tries an address by hand forgets the header. */
    static final String UNNAMED =
            "no header says which service sent this: X-Gitee-Event, X-GitHub-Event or X-Gitlab-Event (a call without one is read as one of Azure DevOps)";

    /** The service that sent a call, by its headers alone. */
    static Provider of(Call call) {
        return Arrays.stream(values())
                .filter(each -> each.eventHeader != null
                        && !call.header(each.eventHeader).isEmpty())
                .findFirst()
                .orElse(AZURE);
    }

    /**
     * The service that a configuration names.
     *
     * @throws IllegalArgumentException naming the known services
     */
    public static Provider parse(String word) {
        return Arrays.stream(values())
                .filter(each -> each.word().equals(word.trim().toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(Messages.Provider_unknown(
                        word,
                        String.join(
                                ", ",
                                Arrays.stream(values()).map(Provider::word).toList()))));
    }
}
