package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** One line of the user map: the names of one person in the services. */
public final class ContactConfiguration implements Describable<ContactConfiguration> {
    private final String user;
    private String phone;
    private String weComId;
    private String dingTalkId;
    private String openId;
    private String email;

    /**
     * @param user the Jenkins user or the email address of commits
     * @throws IllegalArgumentException when it is empty
     */
    @DataBoundConstructor
    public ContactConfiguration(String user) {
        this.user = checkUser(user);
    }

    private static String checkUser(@CheckForNull String user) {
        String given = Util.fixEmptyAndTrim(user);
        if (given == null) {
            throw new IllegalArgumentException(Messages.ContactConfiguration_user());
        }
        return given;
    }

    /** The Jenkins user or the email address of commits. */
    public String getUser() {
        return user;
    }

    /** The phone, for DingTalk; null if it is not known. So are all that follow. */
    @CheckForNull
    public String getPhone() {
        return phone;
    }

    @DataBoundSetter
    public void setPhone(@CheckForNull String phone) {
        this.phone = Util.fixEmptyAndTrim(phone);
    }

    /** The userid in WeCom. */
    @CheckForNull
    public String getWeComId() {
        return weComId;
    }

    @DataBoundSetter
    public void setWeComId(@CheckForNull String weComId) {
        this.weComId = Util.fixEmptyAndTrim(weComId);
    }

    /** The userid in DingTalk. */
    @CheckForNull
    public String getDingTalkId() {
        return dingTalkId;
    }

    @DataBoundSetter
    public void setDingTalkId(@CheckForNull String dingTalkId) {
        this.dingTalkId = Util.fixEmptyAndTrim(dingTalkId);
    }

    /** The open_id in Feishu or Lark. */
    @CheckForNull
    public String getOpenId() {
        return openId;
    }

    @DataBoundSetter
    public void setOpenId(@CheckForNull String openId) {
        this.openId = Util.fixEmptyAndTrim(openId);
    }

    /** The address for email. */
    @CheckForNull
    public String getEmail() {
        return email;
    }

    @DataBoundSetter
    public void setEmail(@CheckForNull String email) {
        this.email = EmailChannelConfiguration.checkRecipients(email);
    }

    Contact toContact() {
        String address = email == null && user.contains("@") ? user : email;
        return new Contact(user, phone, weComId, dingTalkId, openId, address);
    }

    @Extension
    public static final class DescriptorImpl extends Descriptor<ContactConfiguration> {
        @Override
        @NonNull
        public String getDisplayName() {
            return "";
        }

        @POST
        public FormValidation doCheckUser(@QueryParameter String value) {
            return FormAdapter.check(null, () -> checkUser(value));
        }
    }
}
