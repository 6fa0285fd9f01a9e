package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** One line of the user map: who somebody is in the services. */
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

    /** For DingTalk; null if it is not known, as all below. */
    @CheckForNull
    public String getPhone() {
        return phone;
    }

    /** See {@link #getPhone}. */
    @DataBoundSetter
    public void setPhone(@CheckForNull String phone) {
        this.phone = Util.fixEmptyAndTrim(phone);
    }

    /** The userid in WeCom. */
    @CheckForNull
    public String getWeComId() {
        return weComId;
    }

    /** See {@link #getWeComId}. */
    @DataBoundSetter
    public void setWeComId(@CheckForNull String weComId) {
        this.weComId = Util.fixEmptyAndTrim(weComId);
    }

    /** The userid in DingTalk. */
    @CheckForNull
    public String getDingTalkId() {
        return dingTalkId;
    }

    /** See {@link #getDingTalkId}. */
    @DataBoundSetter
    public void setDingTalkId(@CheckForNull String dingTalkId) {
        this.dingTalkId = Util.fixEmptyAndTrim(dingTalkId);
    }

    /** The open_id in Feishu or Lark. */
    @CheckForNull
    public String getOpenId() {
        return openId;
    }

    /** See {@link #getOpenId}. */
    @DataBoundSetter
    public void setOpenId(@CheckForNull String openId) {
        this.openId = Util.fixEmptyAndTrim(openId);
    }

    /** Where email goes. */
    @CheckForNull
    public String getEmail() {
        return email;
    }

    /** See {@link #getEmail}. */
    @DataBoundSetter
    public void setEmail(@CheckForNull String email) {
        this.email = EmailChannelConfiguration.checkRecipients(email);
    }

    Contact toContact() {
        String address = email == null && user.contains("@") ? user : email;
        return new Contact(user, phone, weComId, dingTalkId, openId, address);
    }

    /** Knows its form. */
    @Extension
    public static final class DescriptorImpl extends Descriptor<ContactConfiguration> {
        @Override
        @NonNull
        public String getDisplayName() {
            return "";
        }

        /** Checks as it is typed. */
        @POST
        public FormValidation doCheckUser(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            try {
                checkUser(value);
                return FormValidation.ok();
            } catch (IllegalArgumentException e) {
                return FormValidation.error(e.getMessage());
            }
        }
    }
}
