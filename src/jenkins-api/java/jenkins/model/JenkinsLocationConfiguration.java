package jenkins.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionList;
import hudson.model.PersistentDescriptor;

/** Where Jenkins is and who runs it. */
public class JenkinsLocationConfiguration extends GlobalConfiguration implements PersistentDescriptor {
    @NonNull
    public static JenkinsLocationConfiguration get() {
        return ExtensionList.lookupSingleton(JenkinsLocationConfiguration.class);
    }

    @NonNull
    public String getAdminAddress() {
        return "";
    }
}
