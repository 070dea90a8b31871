extension ProbeText {
    /// Chapters I and II, without their titles; a paragraph a line.
    static let firstChapters = """
        Up at the League, says a friend, there had been one night a brisk conversational discussion, as to what \
        would happen on the Morrow of the Revolution, finally shading off into a vigorous statement by various \
        friends of their views on the future of the fully-developed new society.
        Says our friend: Considering the subject, the discussion was good-tempered; for those present being used to \
        public meetings and after-lecture debates, if they did not listen to each others' opinions (which could \
        scarcely be expected of them), at all events did not always attempt to speak all together, as is the custom \
        of people in ordinary polite society when conversing on a subject which interests them. For the rest, there \
        were six persons present, and consequently six sections of the party were represented, four of which had \
        strong but divergent Anarchist opinions. One of the sections, says our friend, a man whom he knows very well \
        indeed, sat almost silent at the beginning of the discussion, but at last got drawn into it, and finished by \
        roaring out very loud, and damning all the rest for fools; after which befel a period of noise, and then a \
        lull, during which the aforesaid section, having said good-night very amicably, took his way home by himself \
        to a western suburb, using the means of travelling which civilisation has forced upon us like a habit. As he \
        sat in that vapour-bath of hurried and discontented humanity, a carriage of the underground railway, he, \
        like others, stewed discontentedly, while in self-reproachful mood he turned over the many excellent and \
        conclusive arguments which, though they lay at his fingers' ends, he had forgotten in the just past \
        discussion. But this frame of mind he was so used to, that it didn't last him long, and after a brief \
        discomfort, caused by disgust with himself for having lost his temper (which he was also well used to), he \
        found himself musing on the subject-matter of discussion, but still discontentedly and unhappily. "If I \
        could but see a day of it," he said to himself; "if I could but see it!"
        As he formed the words, the train stopped at his station, five minutes' walk from his own house, which stood \
        on the banks of the Thames, a little way above an ugly suspension bridge. He went out of the station, still \
        discontented and unhappy, muttering "If I could but see it! if I could but see it!" but had not gone many \
        steps towards the river before (says our friend who tells the story) all that discontent and trouble seemed \
        to slip off him.
        It was a beautiful night of early winter, the air just sharp enough to be refreshing after the hot room and \
        the stinking railway carriage. The wind, which had lately turned a point or two north of west, had blown the \
        sky clear of all cloud save a light fleck or two which went swiftly down the heavens. There was a young moon \
        halfway up the sky, and as the home-farer caught sight of it, tangled in the branches of a tall old elm, he \
        could scarce bring to his mind the shabby London suburb where he was, and he felt as if he were in a \
        pleasant country place--pleasanter, indeed, than the deep country was as he had known it.
        He came right down to the river-side, and lingered a little, looking over the low wall to note the moonlit \
        river, near upon high water, go swirling and glittering up to Chiswick Eyot: as for the ugly bridge below, \
        he did not notice it or think of it, except when for a moment (says our friend) it struck him that he missed \
        the row of lights down stream. Then he turned to his house door and let himself in; and even as he shut the \
        door to, disappeared all remembrance of that brilliant logic and foresight which had so illuminated the \
        recent discussion; and of the discussion itself there remained no trace, save a vague hope, that was now \
        become a pleasure, for days of peace and rest, and cleanness and smiling goodwill.
        In this mood he tumbled into bed, and fell asleep after his wont, in two minutes' time; but (contrary to his \
        wont) woke up again not long after in that curiously wide-awake condition which sometimes surprises even \
        good sleepers; a condition under which we feel all our wits preternaturally sharpened, while all the \
        miserable muddles we have ever got into, all the disgraces and losses of our lives, will insist on thrusting \
        themselves forward for the consideration of those sharpened wits.
        In this state he lay (says our friend) till he had almost begun to enjoy it: till the tale of his \
        stupidities amused him, and the entanglements before him, which he saw so clearly, began to shape themselves \
        into an amusing story for him.
        He heard one o'clock strike, then two and then three; after which he fell asleep again. Our friend says that \
        from that sleep he awoke once more, and afterwards went through such surprising adventures that he thinks \
        that they should be told to our comrades, and indeed the public in general, and therefore proposes to tell \
        them now. But, says he, I think it would be better if I told them in the first person, as if it were myself \
        who had gone through them; which, indeed, will be the easier and more natural to me, since I understand the \
        feelings and desires of the comrade of whom I am telling better than any one else in the world does.
        Well, I awoke, and found that I had kicked my bedclothes off; and no wonder, for it was hot and the sun \
        shining brightly. I jumped up and washed and hurried on my clothes, but in a hazy and half-awake condition, \
        as if I had slept for a long, long while, and could not shake off the weight of slumber. In fact, I rather \
        took it for granted that I was at home in my own room than saw that it was so.
        When I was dressed, I felt the place so hot that I made haste to get out of the room and out of the house; \
        and my first feeling was a delicious relief caused by the fresh air and pleasant breeze; my second, as I \
        began to gather my wits together, mere measureless wonder: for it was winter when I went to bed the last \
        night, and now, by witness of the river-side trees, it was summer, a beautiful bright morning seemingly of \
        early June. However, there was still the Thames sparkling under the sun, and near high water, as last night \
        I had seen it gleaming under the moon.
        I had by no means shaken off the feeling of oppression, and wherever I might have been should scarce have \
        been quite conscious of the place; so it was no wonder that I felt rather puzzled in despite of the familiar \
        face of the Thames. Withal I felt dizzy and queer; and remembering that people often got a boat and had a \
        swim in mid-stream, I thought I would do no less. It seems very early, quoth I to myself, but I daresay I \
        shall find someone at Biffin's to take me. However, I didn't get as far as Biffin's, or even turn to my left \
        thitherward, because just then I began to see that there was a landing-stage right before me in front of my \
        house: in fact, on the place where my next-door neighbour had rigged one up, though somehow it didn't look \
        like that either. Down I went on to it, and sure enough among the empty boats moored to it lay a man on his \
        sculls in a solid-looking tub of a boat clearly meant for bathers. He nodded to me, and bade me good-morning \
        as if he expected me, so I jumped in without any words, and he paddled away quietly as I peeled for my swim. \
        As we went, I looked down on the water, and couldn't help saying--
        "How clear the water is this morning!"
        "Is it?" said he; "I didn't notice it. You know the flood-tide always thickens it a bit."
        "H'm," said I, "I have seen it pretty muddy even at half-ebb."
        He said nothing in answer, but seemed rather astonished; and as he now lay just stemming the tide, and I had \
        my clothes off, I jumped in without more ado. Of course when I had my head above water again I turned \
        towards the tide, and my eyes naturally sought for the bridge, and so utterly astonished was I by what I \
        saw, that I forgot to strike out, and went spluttering under water again, and when I came up made straight \
        for the boat; for I felt that I must ask some questions of my waterman, so bewildering had been the \
        half-sight I had seen from the face of the river with the water hardly out of my eyes; though by this time I \
        was quit of the slumbrous and dizzy feeling, and was wide-awake and clear-headed.
        As I got in up the steps which he had lowered, and he held out his hand to help me, we went drifting \
        speedily up towards Chiswick; but now he caught up the sculls and brought her head round again, and said--"A \
        short swim, neighbour; but perhaps you find the water cold this morning, after your journey. Shall I put you \
        ashore at once, or would you like to go down to Putney before breakfast?"
        He spoke in a way so unlike what I should have expected from a Hammersmith waterman, that I stared at him, \
        as I answered, "Please to hold her a little; I want to look about me a bit."
        "All right," he said; "it's no less pretty in its way here than it is off Barn Elms; it's jolly everywhere \
        this time in the morning. I'm glad you got up early; it's barely five o'clock yet."
        If I was astonished with my sight of the river banks, I was no less astonished at my waterman, now that I \
        had time to look at him and see him with my head and eyes clear.
        He was a handsome young fellow, with a peculiarly pleasant and friendly look about his eyes,--an expression \
        which was quite new to me then, though I soon became familiar with it. For the rest, he was dark-haired and \
        berry-brown of skin, well-knit and strong, and obviously used to exercising his muscles, but with nothing \
        rough or coarse about him, and clean as might be. His dress was not like any modern work-a-day clothes I had \
        seen, but would have served very well as a costume for a picture of fourteenth century life: it was of dark \
        blue cloth, simple enough, but of fine web, and without a stain on it. He had a brown leather belt round his \
        waist, and I noticed that its clasp was of damascened steel beautifully wrought. In short, he seemed to be \
        like some specially manly and refined young gentleman, playing waterman for a spree, and I concluded that \
        this was the case.
        I felt that I must make some conversation; so I pointed to the Surrey bank, where I noticed some light plank \
        stages running down the foreshore, with windlasses at the landward end of them, and said, "What are they \
        doing with those things here? If we were on the Tay, I should have said that they were for drawing the \
        salmon nets; but here--"
        "Well," said he, smiling, "of course that is what they are for. Where there are salmon, there are likely to \
        be salmon-nets, Tay or Thames; but of course they are not always in use; we don't want salmon every day of \
        the season."
        I was going to say, "But is this the Thames?" but held my peace in my wonder, and turned my bewildered eyes \
        eastward to look at the bridge again, and thence to the shores of the London river; and surely there was \
        enough to astonish me. For though there was a bridge across the stream and houses on its banks, how all was \
        changed from last night! The soap-works with their smoke-vomiting chimneys were gone; the engineer's works \
        gone; the lead-works gone; and no sound of rivetting and hammering came down the west wind from \
        Thorneycroft's. Then the bridge! I had perhaps dreamed of such a bridge, but never seen such an one out of \
        an illuminated manuscript; for not even the Ponte Vecchio at Florence came anywhere near it. It was of stone \
        arches, splendidly solid, and as graceful as they were strong; high enough also to let ordinary river \
        traffic through easily. Over the parapet showed quaint and fanciful little buildings, which I supposed to be \
        booths or shops, beset with painted and gilded vanes and spirelets. The stone was a little weathered, but \
        showed no marks of the grimy sootiness which I was used to on every London building more than a year old. In \
        short, to me a wonder of a bridge.
        The sculler noted my eager astonished look, and said, as if in answer to my thoughts--
        "Yes, it is a pretty bridge, isn't it? Even the up-stream bridges, which are so much smaller, are scarcely \
        daintier, and the down-stream ones are scarcely more dignified and stately."
        I found myself saying, almost against my will, "How old is it?"
        "Oh, not very old," he said; "it was built or at least opened, in 2003. There used to be a rather plain \
        timber bridge before then."
        The date shut my mouth as if a key had been turned in a padlock fixed to my lips; for I saw that something \
        inexplicable had happened, and that if I said much, I should be mixed up in a game of cross questions and \
        crooked answers. So I tried to look unconcerned, and to glance in a matter-of-course way at the banks of the \
        river, though this is what I saw up to the bridge and a little beyond; say as far as the site of the \
        soap-works. Both shores had a line of very pretty houses, low and not large, standing back a little way from \
        the river; they were mostly built of red brick and roofed with tiles, and looked, above all, comfortable, \
        and as if they were, so to say, alive, and sympathetic with the life of the dwellers in them. There was a \
        continuous garden in front of them, going down to the water's edge, in which the flowers were now blooming \
        luxuriantly, and sending delicious waves of summer scent over the eddying stream. Behind the houses, I could \
        see great trees rising, mostly planes, and looking down the water there were the reaches towards Putney \
        almost as if they were a lake with a forest shore, so thick were the big trees; and I said aloud, but as if \
        to myself--
        "Well, I'm glad that they have not built over Barn Elms."
        I blushed for my fatuity as the words slipped out of my mouth, and my companion looked at me with a half \
        smile which I thought I understood; so to hide my confusion I said, "Please take me ashore now: I want to \
        get my breakfast."
        He nodded, and brought her head round with a sharp stroke, and in a trice we were at the landing-stage \
        again. He jumped out and I followed him; and of course I was not surprised to see him wait, as if for the \
        inevitable after-piece that follows the doing of a service to a fellow-citizen. So I put my hand into my \
        waistcoat-pocket, and said, "How much?" though still with the uncomfortable feeling that perhaps I was \
        offering money to a gentleman.
        He looked puzzled, and said, "How much? I don't quite understand what you are asking about. Do you mean the \
        tide? If so, it is close on the turn now."
        I blushed, and said, stammering, "Please don't take it amiss if I ask you; I mean no offence: but what ought \
        I to pay you? You see I am a stranger, and don't know your customs--or your coins."
        And therewith I took a handful of money out of my pocket, as one does in a foreign country. And by the way, \
        I saw that the silver had oxydised, and was like a blackleaded stove in colour.
        He still seemed puzzled, but not at all offended; and he looked at the coins with some curiosity. I thought, \
        Well after all, he is a waterman, and is considering what he may venture to take. He seems such a nice \
        fellow that I'm sure I don't grudge him a little over-payment. I wonder, by the way, whether I couldn't hire \
        him as a guide for a day or two, since he is so intelligent.
        Therewith my new friend said thoughtfully:
        "I think I know what you mean. You think that I have done you a service; so you feel yourself bound to give \
        me something which I am not to give to a neighbour, unless he has done something special for me. I have \
        heard of this kind of thing; but pardon me for saying, that it seems to us a troublesome and roundabout \
        custom; and we don't know how to manage it. And you see this ferrying and giving people casts about the \
        water is my business, which I would do for anybody; so to take gifts in connection with it would look very \
        queer. Besides, if one person gave me something, then another might, and another, and so on; and I hope you \
        won't think me rude if I say that I shouldn't know where to stow away so many mementos of friendship."
        And he laughed loud and merrily, as if the idea of being paid for his work was a very funny joke. I confess \
        I began to be afraid that the man was mad, though he looked sane enough; and I was rather glad to think that \
        I was a good swimmer, since we were so close to a deep swift stream. However, he went on by no means like a \
        madman:
        "As to your coins, they are curious, but not very old; they seem to be all of the reign of Victoria; you \
        might give them to some scantily-furnished museum. Ours has enough of such coins, besides a fair number of \
        earlier ones, many of which are beautiful, whereas these nineteenth century ones are so beastly ugly, ain't \
        they? We have a piece of Edward III., with the king in a ship, and little leopards and fleurs-de-lys all \
        along the gunwale, so delicately worked. You see," he said, with something of a smirk, "I am fond of working \
        in gold and fine metals; this buckle here is an early piece of mine."
        No doubt I looked a little shy of him under the influence of that doubt as to his sanity. So he broke off \
        short, and said in a kind voice:
        "But I see that I am boring you, and I ask your pardon. For, not to mince matters, I can tell that you are a \
        stranger, and must come from a place very unlike England. But also it is clear that it won't do to overdose \
        you with information about this place, and that you had best suck it in little by little. Further, I should \
        take it as very kind in you if you would allow me to be the showman of our new world to you, since you have \
        stumbled on me first. Though indeed it will be a mere kindness on your part, for almost anybody would make \
        as good a guide, and many much better."
        There certainly seemed no flavour in him of Colney Hatch; and besides I thought I could easily shake him off \
        if it turned out that he really was mad; so I said:
        "It is a very kind offer, but it is difficult for me to accept it, unless--" I was going to say, Unless you \
        will let me pay you properly; but fearing to stir up Colney Hatch again, I changed the sentence into, "I \
        fear I shall be taking you away from your work--or your amusement."
        "O," he said, "don't trouble about that, because it will give me an opportunity of doing a good turn to a \
        friend of mine, who wants to take my work here. He is a weaver from Yorkshire, who has rather overdone \
        himself between his weaving and his mathematics, both indoor work, you see; and being a great friend of \
        mine, he naturally came to me to get him some outdoor work. If you think you can put up with me, pray take \
        me as your guide."
        He added presently: "It is true that I have promised to go up-stream to some special friends of mine, for \
        the hay-harvest; but they won't be ready for us for more than a week: and besides, you might go with me, you \
        know, and see some very nice people, besides making notes of our ways in Oxfordshire. You could hardly do \
        better if you want to see the country."
        I felt myself obliged to thank him, whatever might come of it; and he added eagerly:
        "Well, then, that's settled. I will give my friend a call; he is living in the Guest House like you, and if \
        he isn't up yet, he ought to be this fine summer morning."
        Therewith he took a little silver bugle-horn from his girdle and blew two or three sharp but agreeable notes \
        on it; and presently from the house which stood on the site of my old dwelling (of which more hereafter) \
        another young man came sauntering towards us. He was not so well-looking or so strongly made as my sculler \
        friend, being sandy-haired, rather pale, and not stout-built; but his face was not wanting in that happy and \
        friendly expression which I had noticed in his friend. As he came up smiling towards us, I saw with pleasure \
        that I must give up the Colney Hatch theory as to the waterman, for no two madmen ever behaved as they did \
        before a sane man. His dress also was of the same cut as the first man's, though somewhat gayer, the surcoat \
        being light green with a golden spray embroidered on the breast, and his belt being of filagree silver-work.
        He gave me good-day very civilly, and greeting his friend joyously, said:
        "Well, Dick, what is it this morning? Am I to have my work, or rather your work? I dreamed last night that \
        we were off up the river fishing."
        "All right, Bob," said my sculler; "you will drop into my place, and if you find it too much, there is \
        George Brightling on the look out for a stroke of work, and he lives close handy to you. But see, here is a \
        stranger who is willing to amuse me to-day by taking me as his guide about our country-side, and you may \
        imagine I don't want to lose the opportunity; so you had better take to the boat at once. But in any case I \
        shouldn't have kept you out of it for long, since I am due in the hay-fields in a few days."
        The newcomer rubbed his hands with glee, but turning to me, said in a friendly voice:
        "Neighbour, both you and friend Dick are lucky, and will have a good time to-day, as indeed I shall too. But \
        you had better both come in with me at once and get something to eat, lest you should forget your dinner in \
        your amusement. I suppose you came into the Guest House after I had gone to bed last night?"
        I nodded, not caring to enter into a long explanation which would have led to nothing, and which in truth by \
        this time I should have begun to doubt myself. And we all three turned toward the door of the Guest House.
        """
}
