package hudson.tasks;

import hudson.model.AbstractProject;
import jakarta.mail.Session;
import java.util.Properties;

/** Email, as far as its settings go. */
@SuppressWarnings("deprecation") // as Jenkins declares it
public class Mailer extends Notifier {
    private static final DescriptorImpl DESCRIPTOR = new DescriptorImpl();

    public static DescriptorImpl descriptor() {
        return DESCRIPTOR;
    }

    /** The settings. */
    public static final class DescriptorImpl extends BuildStepDescriptor<Publisher> {
        public DescriptorImpl() {
            super(Mailer.class);
        }

        public Session createSession() {
            return Session.getInstance(new Properties());
        }

        @Override
        @SuppressWarnings("rawtypes") // as declared by Jenkins
        public boolean isApplicable(Class<? extends AbstractProject> jobType) {
            return true;
        }
    }
}
