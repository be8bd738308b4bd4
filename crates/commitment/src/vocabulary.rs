//! The closed vocabularies of the promise language. Each word has one spelling in files and APIs, and a label in
//! Chinese and English for people. `domain.md` of the design is where the words come from.

/// A text that exists in both languages of the product.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Text {
    /// Simplified Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Text {
    /// A text from its two versions.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// The version in `language`.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
    }
}

/// A closed vocabulary: what the parser and the texts for people need of one.
pub trait Word: Copy + Eq + 'static {
    /// Every word, in the order in which people list them.
    const WORDS: &'static [Self];

    /// The spelling in files and APIs.
    fn spelling(self) -> &'static str;

    /// The label for people.
    fn name(self, language: Language) -> &'static str;
}

/// Declares a closed vocabulary: variant, word in files and APIs, Chinese label, English label.
macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal, $zh:literal, $en:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$vdoc])* $variant,)+ }

        impl $name {
            /// Every word, in the order in which people list them.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            /// The word in files and APIs.
            pub const fn word(self) -> &'static str {
                match self { $($name::$variant => $word,)+ }
            }

            /// The variant that `word` names, if it is one of this vocabulary.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some($name::$variant),)+ _ => None }
            }

            /// The label for people.
            pub const fn label(self, language: Language) -> &'static str {
                match (self, language) {
                    $(($name::$variant, Language::Zh) => $zh, ($name::$variant, Language::En) => $en,)+
                }
            }
        }

        impl Word for $name {
            const WORDS: &'static [Self] = Self::ALL;

            fn spelling(self) -> &'static str {
                self.word()
            }

            fn name(self, language: Language) -> &'static str {
                self.label(language)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}

vocabulary! {
    /// The languages of the product.
    Language {
        /// Simplified Chinese.
        Zh = "zh", "中文", "Chinese";
        /// English.
        En = "en", "英文", "English";
    }
}

vocabulary! {
    /// What a request is (类型).
    Kind {
        /// A question.
        Consultation = "consultation", "咨询", "Consultation";
        /// Something is broken.
        Repair = "repair", "报修", "Repair";
        /// The customer is dissatisfied and wants it put right (ISO 10002).
        Complaint = "complaint", "投诉", "Complaint";
        /// An idea; lighter than a complaint.
        Suggestion = "suggestion", "建议", "Suggestion";
        /// Praise.
        Praise = "praise", "表扬", "Praise";
    }
}

vocabulary! {
    /// The way a request came in (渠道).
    Channel {
        /// The web portal.
        Web = "web", "网站", "Web";
        /// Online chat.
        Chat = "chat", "在线聊天", "Chat";
        /// A mobile app.
        App = "app", "手机应用", "App";
        /// The telephone hotline.
        Phone = "phone", "电话", "Phone";
        /// E-mail.
        Email = "email", "邮件", "E-mail";
        /// Another program.
        Api = "api", "接口", "API";
    }
}

vocabulary! {
    /// Facet: how urgent (紧急程度).
    Urgency {
        /// No stopped equipment, no safety risk.
        Normal = "normal", "一般", "Normal";
        /// Stopped equipment or a safety risk.
        Urgent = "urgent", "紧急", "Urgent";
    }
}

vocabulary! {
    /// Facet: how complex (复杂程度).
    Complexity {
        /// Can be answered or settled at once.
        Simple = "simple", "简单", "Simple";
        /// Has to be looked up, verified or investigated.
        Complex = "complex", "复杂", "Complex";
    }
}

vocabulary! {
    /// Facet: how severe (严重程度).
    Severity {
        /// An ordinary case.
        General = "general", "一般", "General";
        /// A major case.
        Major = "major", "重大", "Major";
    }
}

vocabulary! {
    /// Facet: where the customer's site is (地点).
    Site {
        /// In the company's service area.
        Local = "local", "本地", "Local";
        /// Elsewhere.
        Remote = "remote", "异地", "Remote";
    }
}

vocabulary! {
    /// A dated milestone in the life of a ticket (时点). Clocks start and stop at marks.
    Mark {
        /// The customer raised the need: the request came in, or the ticket was reopened.
        Received = "received", "收到请求", "request received";
        /// The phone was picked up.
        PickedUp = "picked-up", "接听电话", "phone picked up";
        /// The call in which the request came in has ended.
        CallEnded = "call-ended", "通话结束", "call ended";
        /// The caller was told that the question has to be looked up.
        LookupTold = "lookup-told", "告知需查询", "told that it must be looked up";
        /// The first formal reply that a person wrote (or an automatic one where the promise says it counts).
        FirstReply = "first-reply", "首次回应", "first reply";
        /// A reply to a complaint that apologises and says that the investigation has begun.
        Acknowledged = "acknowledged", "致歉并告知开始调查", "acknowledged with apology";
        /// A detailed reply.
        DetailedReply = "detailed-reply", "详细答复", "detailed reply";
        /// The full and final answer to a question.
        FullAnswer = "full-answer", "完整解答", "full answer";
        /// The customer was contacted about a repair.
        Contacted = "contacted", "与客户联系", "customer contacted";
        /// An engineer was sent.
        Dispatched = "dispatched", "派出人员", "engineer dispatched";
        /// The engineer arrived on site.
        Arrived = "arrived", "到达现场", "arrived on site";
        /// A remote solution was given.
        RemoteSolution = "remote-solution", "远程解决方案", "remote solution given";
        /// The repair is done.
        Solved = "solved", "修复完成", "solved";
        /// The customer confirmed that it is settled.
        Confirmed = "confirmed", "客户确认", "confirmed by the customer";
        /// The investigation of a complaint was started.
        InvestigationStarted = "investigation-started", "启动调查", "investigation started";
        /// The specialist team verified a technical matter on site.
        VerifiedOnSite = "verified-on-site", "现场核实", "verified on site";
        /// The customer was told about progress.
        ProgressReported = "progress-reported", "告知进展", "progress reported";
        /// A solution was proposed, with its carry-out deadline.
        SolutionProposed = "solution-proposed", "提出解决方案", "solution proposed";
        /// The customer accepted the solution.
        SolutionAccepted = "solution-accepted", "客户接受方案", "solution accepted";
        /// The customer rejected the solution.
        SolutionRejected = "solution-rejected", "客户不接受方案", "solution rejected";
        /// The solution was carried out.
        CarriedOut = "carried-out", "方案执行完毕", "solution carried out";
        /// The ticket was closed.
        Closed = "closed", "关闭", "closed";
        /// The customer rated the service low.
        RatedLow = "rated-low", "客户评价偏低", "rated low";
        /// A dissatisfied customer was called back.
        CalledBack = "called-back", "回访", "called back";
    }
}

vocabulary! {
    /// Why a clock may stand still (暂停原因).
    PauseReason {
        /// The company waits for something that only the customer can give.
        WaitingForCustomer = "waiting-for-customer", "等待客户", "waiting for the customer";
        /// A recorded force-majeure window.
        ForceMajeure = "force-majeure", "不可抗力", "force majeure";
        /// A third party mediates (ISO 10003).
        Mediation = "mediation", "第三方调解", "third-party mediation";
    }
}

vocabulary! {
    /// Grounds on which a promise may be excepted (除外).
    Ground {
        /// Force majeure (不可抗力).
        ForceMajeure = "force-majeure", "不可抗力", "force majeure";
    }
}

vocabulary! {
    /// What an exception needs before it counts (T8).
    Need {
        /// Evidence of the ground.
        Evidence = "evidence", "证明材料", "evidence";
        /// Timely word to the customer: sent no later than the due instant.
        WordToCustomer = "word-to-customer", "及时告知客户", "timely word to the customer";
        /// An alternative solution was offered.
        Alternative = "alternative", "替代方案", "an alternative solution";
    }
}

vocabulary! {
    /// What a message has to contain to count for a promise.
    Content {
        /// An apology.
        Apology = "apology", "致歉", "apology";
        /// The word that the investigation has begun.
        InvestigationBegun = "investigation-begun", "已开始调查", "investigation has begun";
        /// The severity of the fault.
        Severity = "severity", "故障严重程度", "severity";
        /// A plan.
        Plan = "plan", "处理方案", "plan";
    }
}

vocabulary! {
    /// Who is told by a ladder step or a breach (通知对象).
    Audience {
        /// The person who owns the ticket.
        Owner = "owner", "处理人", "owner";
        /// The lead of the owning team.
        TeamLead = "team-lead", "组长", "team lead";
        /// The supervision team.
        Supervision = "supervision", "监督", "supervision";
        /// Management.
        Manager = "manager", "经理", "manager";
        /// Legal and compliance.
        Legal = "legal", "法务合规", "legal";
    }
}

vocabulary! {
    /// What a ladder step does besides telling people.
    LadderAct {
        /// Give the ticket to somebody else of the team.
        Reassign = "reassign", "改派", "reassign";
    }
}

vocabulary! {
    /// How grave a breach is (违约等级).
    Grade {
        /// Minor breach (轻微违约).
        Minor = "minor", "轻微违约", "minor breach";
        /// Major breach (重大违约).
        Major = "major", "重大违约", "major breach";
    }
}

vocabulary! {
    /// Form of a solution or notice (形式).
    Form {
        /// In writing.
        Written = "written", "书面", "in writing";
        /// By word of mouth.
        Oral = "oral", "口头", "by word";
    }
}

vocabulary! {
    /// Rules of conduct that a letter may state and the product then enforces (规则).
    Rule {
        /// L4: a complaint on a technical matter is verified on site by specialists before a solution is offered.
        VerifyOnSite = "verify-on-site", "技术投诉先现场核实", "technical complaints are verified on site first";
        /// L5: a solution names its form and a deadline for carrying it out.
        SolutionDeadline = "solution-deadline", "解决方案须写明执行时限", "a solution names its carry-out deadline";
        /// L6: a refusal as out of scope names the published term.
        RefusalNamesTerm = "refusal-names-term", "不予受理须指明条款", "a refusal names the term";
        /// L1, B3: nothing is deleted; corrections are entries of their own.
        NothingDeleted = "nothing-deleted", "台账只增不删", "nothing is deleted from the ledger";
        /// L2: the course covers intake, record, investigation, feedback and follow-up.
        WholeCourse = "whole-course", "全过程记录", "the whole course is recorded";
        /// L7: third-party mediation can be called in; cost and outcome are on record.
        Mediation = "mediation", "第三方调解", "third-party mediation";
        /// C1: personal information is confidential.
        Confidential = "confidential", "客户信息保密", "customer information is confidential";
    }
}

vocabulary! {
    /// How often a duty falls due.
    Every {
        /// Each calendar day.
        Day = "day", "每日", "day";
        /// Each week, from Monday.
        Week = "week", "每周", "week";
        /// Each calendar month.
        Month = "month", "每月", "month";
        /// Each calendar quarter.
        Quarter = "quarter", "每季度", "quarter";
        /// Each calendar year.
        Year = "year", "每年", "year";
    }
}

impl Mark {
    /// Whether this event can happen to a ticket of `kind` that came in by `channel`. A promise whose clock could never
    /// stop is refused by the check.
    pub const fn possible_for(self, kind: Kind, channel: Channel) -> bool {
        match self {
            Self::Received
            | Self::FirstReply
            | Self::ProgressReported
            | Self::Closed
            | Self::RatedLow
            | Self::CalledBack => true,
            Self::PickedUp | Self::CallEnded => matches!(channel, Channel::Phone),
            Self::LookupTold => matches!((kind, channel), (Kind::Consultation, Channel::Phone)),
            Self::DetailedReply => matches!(kind, Kind::Consultation),
            Self::FullAnswer => matches!(kind, Kind::Consultation | Kind::Suggestion),
            Self::Contacted | Self::Dispatched | Self::Arrived | Self::RemoteSolution | Self::Solved => {
                matches!(kind, Kind::Repair)
            }
            Self::Confirmed => matches!(kind, Kind::Repair | Kind::Complaint),
            Self::Acknowledged
            | Self::InvestigationStarted
            | Self::VerifiedOnSite
            | Self::SolutionProposed
            | Self::SolutionAccepted
            | Self::SolutionRejected
            | Self::CarriedOut => matches!(kind, Kind::Complaint),
        }
    }

    /// Whether a promise that ends here is a first formal reply to the customer (T1).
    pub const fn is_first_reply(self) -> bool {
        matches!(self, Self::FirstReply | Self::Acknowledged | Self::PickedUp | Self::Contacted)
    }

    /// Whether a promise that ends here settles a ticket of `kind`. Suggestions and praise are settled by their reply.
    pub const fn is_final_for(self, kind: Kind) -> bool {
        match kind {
            Kind::Consultation => matches!(self, Self::FullAnswer | Self::Closed),
            Kind::Repair => matches!(
                self,
                Self::Arrived | Self::RemoteSolution | Self::Solved | Self::Confirmed | Self::Closed
            ),
            Kind::Complaint => matches!(self, Self::SolutionProposed | Self::CarriedOut | Self::Closed),
            Kind::Suggestion | Kind::Praise => {
                self.is_first_reply() || matches!(self, Self::DetailedReply | Self::FullAnswer | Self::Closed)
            }
        }
    }
}

/// Everything about a ticket that decides which promises cover it (属性), besides its channel.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Facets {
    /// What the request is.
    pub kind: Kind,
    /// How urgent it is.
    pub urgency: Urgency,
    /// How complex it is.
    pub complexity: Complexity,
    /// How severe it is.
    pub severity: Severity,
    /// Where the customer's site is.
    pub site: Site,
    /// Whether it is a technical matter (L4).
    pub technical: bool,
    /// What it is about: a short word of the organisation's own list, such as `invoice`.
    pub topic: Option<String>,
}

impl Facets {
    /// The plain case of `kind`: normal, simple, general, local, not technical, no topic.
    pub const fn of(kind: Kind) -> Self {
        Self {
            kind,
            urgency: Urgency::Normal,
            complexity: Complexity::Simple,
            severity: Severity::General,
            site: Site::Local,
            technical: false,
            topic: None,
        }
    }
}
