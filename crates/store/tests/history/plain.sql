-- A file as versions before the vault wrote it: four requests, two of them by one customer, and a few more words.
PRAGMA application_id = 1500081775;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE clocks (
    org TEXT NOT NULL,
    ticket BLOB NOT NULL,
    commitment TEXT NOT NULL,
    promise TEXT NOT NULL,
    round INTEGER NOT NULL,
    commitment_version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    channel TEXT NOT NULL,
    topic TEXT,
    team TEXT,
    member BLOB,
    started_at_us INTEGER NOT NULL,
    due_at_us INTEGER,
    ended TEXT,
    ended_at_us INTEGER,
    worked_us INTEGER,
    budget_us INTEGER,
    PRIMARY KEY (org, ticket, commitment, promise, round)
) WITHOUT ROWID, STRICT;
CREATE TABLE contents (
    org TEXT NOT NULL,
    position INTEGER NOT NULL,
    n INTEGER NOT NULL,
    salt BLOB NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (org, position, n)
) WITHOUT ROWID, STRICT;
INSERT INTO "contents" VALUES('main',1,0,X'2A4DE6231EE896E7BAE8E706F2ACE90D','663FXGYV');
INSERT INTO "contents" VALUES('main',1,1,X'A9CB5B065B480D3759204AFC37903313','旧客户甲');
INSERT INTO "contents" VALUES('main',1,2,X'8CCAB7E5619045BC10CDC8101449A8DC','138 0000 4321');
INSERT INTO "contents" VALUES('main',1,3,X'B440A96C8D0EA1964C46D35712FE1A73','jia@example.com');
INSERT INTO "contents" VALUES('main',1,4,X'74EEDACB20F9F00B7539369E0C229EA7','旧址一号');
INSERT INTO "contents" VALUES('main',1,5,X'A2031BB9C4D332D4AC6AF053A3B51AD8','旧标题一');
INSERT INTO "contents" VALUES('main',1,6,X'DC8DEB526AF4748D5B3CADDB405890F8','旧文件里的正文，第一件');
INSERT INTO "contents" VALUES('main',1,7,X'1B31DF8AA32C50EC581D153A643018DC','类型：报修（已指明）');
INSERT INTO "contents" VALUES('main',2,0,X'6B9AFDE1C63D7BBE0D80F4063736FCC3','JSGFBPJZ');
INSERT INTO "contents" VALUES('main',2,1,X'467E3DCCFF3599C24D877BE53234AF4F','旧客户乙');
INSERT INTO "contents" VALUES('main',2,2,X'B099E4D21E1C190FA1EA57D1904DEABD','139 0000 9876');
INSERT INTO "contents" VALUES('main',2,3,X'58D6F457CD730431A623F2CE50E5C4F1','旧标题二');
INSERT INTO "contents" VALUES('main',2,4,X'A07E88DB0DFED010BDFA97D870DB5108','旧文件里的正文，第二件');
INSERT INTO "contents" VALUES('main',2,5,X'5A74CAD82FF7F08C074CC22D5E25EF84','类型：投诉（已指明）');
INSERT INTO "contents" VALUES('main',3,0,X'1428E48D42F3E55C6B0AFEBA555683AC','UAB729K5');
INSERT INTO "contents" VALUES('main',3,1,X'1701F834E1449EE4377D4A043FE78F83','旧客户甲');
INSERT INTO "contents" VALUES('main',3,2,X'DDBA80C5C3BFE484C961C7E2A8BDCC57','13800004321');
INSERT INTO "contents" VALUES('main',3,3,X'7E2ECF2C32D06186A15551887569181F','旧标题三');
INSERT INTO "contents" VALUES('main',3,4,X'16D77594FC609B5C2A5748BF4FE2C4C8','旧文件里的正文，第三件');
INSERT INTO "contents" VALUES('main',3,5,X'1987B30BDAFE42010EBFDE2AF3F1A980','类型：咨询（已指明）');
INSERT INTO "contents" VALUES('main',4,0,X'E53A0791C5C5E1FEAE36552773C0B223','8ANHXEK6');
INSERT INTO "contents" VALUES('main',4,1,X'C71D5D5F705B4F24D4954EA2D364D57D','旧客户丙');
INSERT INTO "contents" VALUES('main',4,2,X'6F4D8E3E83D8A593E1573D03F120F616','bing@example.com');
INSERT INTO "contents" VALUES('main',4,3,X'A99058018F7A42C4E977B863BBCE5B07','旧址二号');
INSERT INTO "contents" VALUES('main',4,4,X'82CC784BBF6A1D4A0AFB02E11AA93516','旧标题四');
INSERT INTO "contents" VALUES('main',4,5,X'3FFE4404CC7E6C9F501DB5E95B4356B8','旧文件里的正文，第四件');
INSERT INTO "contents" VALUES('main',4,6,X'BEA807A77BE5A8CABFE530383D290A48','类型：建议（已指明）');
INSERT INTO "contents" VALUES('main',5,0,X'B7DB060B5520E46945403A8665C17F43','旧文件里的补充');
INSERT INTO "contents" VALUES('main',6,0,X'84AF56D37347F8BCA1C278B333C4B760','旧文件里的再补充');
INSERT INTO "contents" VALUES('main',7,0,X'E0710AC519550C4BA3DD81A2CEBD041E','旧文件里的撤回');
CREATE TABLE externals (
    org TEXT NOT NULL,
    external TEXT NOT NULL,
    ticket BLOB NOT NULL,
    PRIMARY KEY (org, external)
) WITHOUT ROWID, STRICT;
CREATE TABLE idempotency (
    org TEXT NOT NULL,
    key TEXT NOT NULL,
    stream BLOB NOT NULL,
    seq INTEGER NOT NULL,
    digest BLOB NOT NULL,
    PRIMARY KEY (org, key)
) WITHOUT ROWID, STRICT;
INSERT INTO "idempotency" VALUES('main','old-key-0',X'01A201370FA970C7AE533D9A3D90900B',1,X'73BCB5AFEAACB42531266B21A22288E09025CEB074184B307CB7995F0E0F130F');
INSERT INTO "idempotency" VALUES('main','old-key-1',X'01A201370FC47BD38B7014C65EA868D2',1,X'31AE4A619D8D4BCE1D1F81E1B6BE5DD4E922700AD2B8883C8DA7F0D8812C6BD4');
INSERT INTO "idempotency" VALUES('main','old-key-2',X'01A201370FC873DCB80918D68253C08C',1,X'4180CCFE28F6591B0E2C3C21D6F17F8C06BECDCF5F4CD6461F4B9EDC2C08BD3A');
INSERT INTO "idempotency" VALUES('main','old-key-3',X'01A201370FCB782E81C520F217D12369',1,X'8526B94980F82B5C1B91869AD3C7E81C78971626F8C3FB94D64CEC3C3724AB40');
CREATE TABLE jobs (
    org TEXT NOT NULL,
    job BLOB NOT NULL,
    ticket BLOB,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    key TEXT NOT NULL,
    not_before_at_us INTEGER NOT NULL,
    free_at_us INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'given-up')),
    attempt INTEGER NOT NULL DEFAULT 0,
    reason TEXT
) STRICT;
CREATE TABLE notices (
    org TEXT NOT NULL,
    notice BLOB NOT NULL,
    member BLOB NOT NULL,
    ticket BLOB,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    read_at_us INTEGER,
    PRIMARY KEY (org, notice)
) WITHOUT ROWID, STRICT;
CREATE TABLE numbers (
    org TEXT NOT NULL,
    day TEXT NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (org, day)
) WITHOUT ROWID, STRICT;
INSERT INTO "numbers" VALUES('main','2026-11-22',4);
CREATE TABLE organisations (
    org TEXT NOT NULL PRIMARY KEY,
    last_position INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
INSERT INTO "organisations" VALUES('main',7);
CREATE TABLE passwords (
    org TEXT NOT NULL,
    member BLOB NOT NULL,
    phc TEXT NOT NULL,
    PRIMARY KEY (org, member)
) WITHOUT ROWID, STRICT;
CREATE TABLE records (
    org TEXT NOT NULL,
    position INTEGER NOT NULL,
    stream BLOB NOT NULL,
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL,
    body TEXT NOT NULL
) STRICT;
INSERT INTO "records" VALUES('main',1,X'01A201370FA970C7AE533D9A3D90900B',1,X'21263B8B4C6B85959460EAE4F8C681468CB7A10C9901AE48D73A66A6EAAC6C81','{"v":1,"org":"main","stream":"tkt_01a201370fa970c7ae533d9a3d90900b","seq":1,"at_us":1795316715433377,"recorded_at_us":1795316715455621,"actor":"customer","events":[{"received":{"number":"BX-20261122-0001","query_code":{"n":0,"digest":"003239f71fd9e30fce81f75540a7afb1390eb078f1b152bc4c4537ca5caa9776"},"channel":"web","customer":{"name":{"n":1,"digest":"7ac810f4e0cd0891266b75897da0fb48e9cb1faa040eb7ada771f1460110d7ab"},"phone":{"n":2,"digest":"31047c60c69c711e4e0e4f0ed3d69acd301b0a8f93303aec82edf9a476ac3cf0"},"email":{"n":3,"digest":"8e1456e24de3e1b795efd57787451aed85d06febb88ef4e4527e758ce74a9f1a"},"address":{"n":4,"digest":"c3f268d0a1bd52517271900a156d280ccf9d7f90edcd8a789ed989da3e4cef0c"}},"subject":{"n":5,"digest":"94718622145dd209757cb84ae5d00d353d3abeb8bc2498a7a3b4566f4da2b4c7"},"body":{"n":6,"digest":"ffae2c4f16fe38495234c6a0fef02a20231248950cf4f3a474e0348192ebd326"},"language":"zh","pins":[],"tzdb":"2026e","external":null}},{"classified":{"facets":{"kind":"repair","urgency":"normal","complexity":"simple","severity":"general","site":"local","technical":true,"topic":null},"by":"customer","why":{"n":7,"digest":"8f7a7ad8ecee86721e967ac86bb1d3d43844ee2f8b45cc2f67ad4cc15ab89e31"}}},"left-unassigned"]}');
INSERT INTO "records" VALUES('main',2,X'01A201370FC47BD38B7014C65EA868D2',1,X'55647139C62D85B8D65968FDB8B537C6DB6611518C26500EA6BC07F94E210518','{"v":1,"org":"main","stream":"tkt_01a201370fc47bd38b7014c65ea868d2","seq":1,"at_us":1795316715460734,"recorded_at_us":1795316715460910,"actor":"customer","events":[{"received":{"number":"TS-20261122-0002","query_code":{"n":0,"digest":"a1a0281aae360a67966dcefa212b1d66d2b58cd178978ff04f97d90c094be888"},"channel":"web","customer":{"name":{"n":1,"digest":"a7f4491238531b5648ca112540ca10ce026ca9b0dd3f8ee6ac6faadefeef8a68"},"phone":{"n":2,"digest":"486aac8b8a76576a71d26b2ee9f9374229cfa05871b6c0e6a80f8c9d1dd9b97e"},"email":null,"address":null},"subject":{"n":3,"digest":"be8c8c2ec5cb36947c27d61bf236bfc4fee5a97950be091e6204b60cdee2bc21"},"body":{"n":4,"digest":"f6aad37eded850f9cdd8eff44cc55bf7e5830bd40bb003cf420e604365d143d9"},"language":"zh","pins":[],"tzdb":"2026e","external":null}},{"classified":{"facets":{"kind":"complaint","urgency":"normal","complexity":"simple","severity":"general","site":"local","technical":false,"topic":null},"by":"customer","why":{"n":5,"digest":"39e914e2d383ae471c1bd5d01f9015914c4b680f12e33d9bcc848ffa12e52b88"}}},"left-unassigned"]}');
INSERT INTO "records" VALUES('main',3,X'01A201370FC873DCB80918D68253C08C',1,X'AB9E26C7A1737087F238FA8A70F80909AD17F56CBF08F1AFFCEBFFB50CC88509','{"v":1,"org":"main","stream":"tkt_01a201370fc873dcb80918d68253c08c","seq":1,"at_us":1795316715464476,"recorded_at_us":1795316715464634,"actor":"customer","events":[{"received":{"number":"ZX-20261122-0003","query_code":{"n":0,"digest":"a885d963b159fc1b5930389f68a4b2a60904d42c326b153144932cabf53bdf57"},"channel":"web","customer":{"name":{"n":1,"digest":"a62876db3a533a5a435f2bf2a37123d41d45b657336ad011c037ac6364327d1f"},"phone":{"n":2,"digest":"542c66a4ce2f95f3d60c2dd060474dcc61eabd8064ec8eff931b273447d994f9"},"email":null,"address":null},"subject":{"n":3,"digest":"3a5b2b34541479e0e72d0ae222da339a33589546fada9d51a9c548234fbc5813"},"body":{"n":4,"digest":"1704a4624d639202196580eaca7435a460f455be1f80c9eb8e190bb377021b65"},"language":"zh","pins":[],"tzdb":"2026e","external":null}},{"classified":{"facets":{"kind":"consultation","urgency":"normal","complexity":"simple","severity":"general","site":"local","technical":false,"topic":null},"by":"customer","why":{"n":5,"digest":"d1a9681da912dd44d3fc9f858a11a59149c69930904acd60bbbebefd1755c71b"}}},"left-unassigned"]}');
INSERT INTO "records" VALUES('main',4,X'01A201370FCB782E81C520F217D12369',1,X'4D89C0B18EA915EBE031E59D954BD1AEC68376E6148FBF5C0367018396749D2D','{"v":1,"org":"main","stream":"tkt_01a201370fcb782e81c520f217d12369","seq":1,"at_us":1795316715467683,"recorded_at_us":1795316715467817,"actor":"customer","events":[{"received":{"number":"JY-20261122-0004","query_code":{"n":0,"digest":"eebbe69a4a755fab3e75f8ec0b408870bc6a0edc7396589fd4e8ded3e3ebdd0c"},"channel":"web","customer":{"name":{"n":1,"digest":"325cf6c3a1387f3c56ffc98036cb0fe0428a2cfb4be4aa50e0027c70976d0f81"},"phone":null,"email":{"n":2,"digest":"eb93f28fb3258c6394e43c12b93bbacd52e4a96dddcfc999f1ab6dd0e11db7eb"},"address":{"n":3,"digest":"c913585330a57bb7ba35b58190e748daa3aa225dc6dd34b63b0fed1dd890b133"}},"subject":{"n":4,"digest":"2c8ed10f9b077cf97b470385e1072d5d4950d41a6a36d3f852cc1d7399a4f149"},"body":{"n":5,"digest":"312f69205e033b12d62c96d4ec5b9c92a65c37963cee9007600a36280137c88d"},"language":"zh","pins":[],"tzdb":"2026e","external":null}},{"classified":{"facets":{"kind":"suggestion","urgency":"normal","complexity":"simple","severity":"general","site":"local","technical":false,"topic":null},"by":"customer","why":{"n":6,"digest":"966d359d65e2da96b9db89144dca1f193d24f8107abbe517bd3d20d485d706c4"}}},"left-unassigned"]}');
INSERT INTO "records" VALUES('main',5,X'01A201370FA970C7AE533D9A3D90900B',2,X'81ED96D39D1D8905FDCB4B485EFD6CD636EB63F9C563045E75BE49F4CB233A65','{"v":1,"org":"main","stream":"tkt_01a201370fa970c7ae533d9a3d90900b","seq":2,"at_us":1795316742451148,"recorded_at_us":1795316742451700,"actor":"customer","events":[{"customer-wrote":{"body":{"n":0,"digest":"2ec8870ab9da19af7e6dddea1db0ad8d9c929f120d2dfac300d44c93adbd4b63"}}}]}');
INSERT INTO "records" VALUES('main',6,X'01A201370FC47BD38B7014C65EA868D2',2,X'1F90148763D6FB70C0635B64996FE3178EC17E69786F6CBBECEC97CDACDEBB57','{"v":1,"org":"main","stream":"tkt_01a201370fc47bd38b7014c65ea868d2","seq":2,"at_us":1795316742457165,"recorded_at_us":1795316742457684,"actor":"customer","events":[{"customer-wrote":{"body":{"n":0,"digest":"7456be40b549b0c93f836ee3af6b326ae5a1cfc257014161893f6719aade8b3d"}}}]}');
INSERT INTO "records" VALUES('main',7,X'01A201370FC873DCB80918D68253C08C',2,X'D538AB3646091D6C50B37189FEAB373DC33AE1C2A32A270614BCEB27596CA5E8','{"v":1,"org":"main","stream":"tkt_01a201370fc873dcb80918d68253c08c","seq":2,"at_us":1795316752745152,"recorded_at_us":1795316752745626,"actor":"customer","events":[{"closed":{"outcome":"withdrawn","note":{"n":0,"digest":"877996cd08b6829e05d56c4e8bcaa4a0d3f9fcd1e5627f61705c0ad440f6d28b"}}}]}');
CREATE TABLE sessions (
    org TEXT NOT NULL,
    token_hash BLOB NOT NULL,
    member BLOB NOT NULL,
    csrf TEXT NOT NULL,
    created_at_us INTEGER NOT NULL,
    seen_at_us INTEGER NOT NULL,
    expires_at_us INTEGER NOT NULL,
    PRIMARY KEY (org, token_hash)
) WITHOUT ROWID, STRICT;
CREATE TABLE tallies (
    org TEXT NOT NULL,
    subject TEXT NOT NULL,
    name TEXT NOT NULL,
    open INTEGER NOT NULL,
    PRIMARY KEY (org, subject, name)
) WITHOUT ROWID, STRICT;
INSERT INTO "tallies" VALUES('main','kind','complaint',1);
INSERT INTO "tallies" VALUES('main','kind','consultation',0);
INSERT INTO "tallies" VALUES('main','kind','repair',1);
INSERT INTO "tallies" VALUES('main','kind','suggestion',1);
INSERT INTO "tallies" VALUES('main','stage','unassigned',3);
CREATE TABLE tickets (
    org TEXT NOT NULL,
    ticket BLOB NOT NULL,
    version INTEGER NOT NULL,
    number TEXT NOT NULL,
    channel TEXT NOT NULL,
    kind TEXT NOT NULL,
    urgency TEXT NOT NULL,
    complexity TEXT NOT NULL,
    severity TEXT NOT NULL,
    site TEXT NOT NULL,
    technical INTEGER NOT NULL,
    topic TEXT,
    stage TEXT NOT NULL,
    open INTEGER NOT NULL,
    outcome TEXT,
    subject TEXT,
    customer TEXT,
    team TEXT,
    member BLOB,
    received_at_us INTEGER NOT NULL,
    last_at_us INTEGER NOT NULL,
    closed_at_us INTEGER,
    due_at_us INTEGER NOT NULL,
    due_commitment TEXT,
    due_promise TEXT,
    due_round INTEGER,
    round INTEGER NOT NULL,
    breach TEXT,
    ratings TEXT NOT NULL,
    second_complaint INTEGER NOT NULL,
    first_contact INTEGER NOT NULL,
    alarm_at_us INTEGER
) STRICT;
INSERT INTO "tickets" VALUES('main',X'01A201370FA970C7AE533D9A3D90900B',2,'BX-20261122-0001','web','repair','normal','simple','general','local',1,NULL,'unassigned',1,NULL,'旧标题一','旧客户甲',NULL,NULL,1795316715433377,1795316742451148,NULL,9223372036854775807,NULL,NULL,NULL,1,NULL,'[]',0,0,NULL);
INSERT INTO "tickets" VALUES('main',X'01A201370FC47BD38B7014C65EA868D2',2,'TS-20261122-0002','web','complaint','normal','simple','general','local',0,NULL,'unassigned',1,NULL,'旧标题二','旧客户乙',NULL,NULL,1795316715460734,1795316742457165,NULL,9223372036854775807,NULL,NULL,NULL,1,NULL,'[]',0,0,NULL);
INSERT INTO "tickets" VALUES('main',X'01A201370FC873DCB80918D68253C08C',2,'ZX-20261122-0003','web','consultation','normal','simple','general','local',0,NULL,'closed',0,'withdrawn','旧标题三','旧客户甲',NULL,NULL,1795316715464476,1795316752745152,1795316752745152,9223372036854775807,NULL,NULL,NULL,1,NULL,'[]',0,0,NULL);
INSERT INTO "tickets" VALUES('main',X'01A201370FCB782E81C520F217D12369',1,'JY-20261122-0004','web','suggestion','normal','simple','general','local',0,NULL,'unassigned',1,NULL,'旧标题四','旧客户丙',NULL,NULL,1795316715467683,1795316715467683,NULL,9223372036854775807,NULL,NULL,NULL,1,NULL,'[]',0,0,NULL);
CREATE UNIQUE INDEX records_position ON records (org, position);
CREATE UNIQUE INDEX records_stream ON records (org, stream, seq);
CREATE UNIQUE INDEX tickets_id ON tickets (org, ticket);
CREATE UNIQUE INDEX tickets_number ON tickets (org, number);
CREATE INDEX tickets_slack ON tickets (org, open, due_at_us, received_at_us, ticket);
CREATE INDEX tickets_team_slack ON tickets (org, team, open, due_at_us, received_at_us, ticket);
CREATE INDEX tickets_member_slack ON tickets (org, member, open, due_at_us, received_at_us, ticket);
CREATE INDEX tickets_alarm ON tickets (org, alarm_at_us, ticket) WHERE alarm_at_us IS NOT NULL;
CREATE INDEX clocks_started ON clocks (org, started_at_us, ticket, commitment, promise, round);
CREATE UNIQUE INDEX jobs_id ON jobs (org, job);
CREATE UNIQUE INDEX jobs_key ON jobs (org, key);
CREATE INDEX jobs_given_up ON jobs (org, job) WHERE state = 'given-up';
CREATE INDEX jobs_waiting ON jobs (org, free_at_us, job) WHERE state = 'waiting';
CREATE INDEX sessions_member ON sessions (org, member);
CREATE INDEX notices_member ON notices (org, member, at_us, notice);
CREATE INDEX notices_unread ON notices (org, member, at_us, notice) WHERE read_at_us IS NULL;
COMMIT;
